"""What MkDocs calls: the site is built from a folder into which the made pages were put.

A folder of real files, for the plug-in that builds each language reads pages from where they lie.
"""

from __future__ import annotations

import atexit
from pathlib import Path
from tempfile import TemporaryDirectory

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.plugins import event_priority

from docs.making.pages import gather

_WRITTEN = Path(__file__).resolve().parents[1]


@event_priority(100)
def on_config(config: MkDocsConfig) -> MkDocsConfig:
    """Before any plug-in looks at the pages; a second language finds them made."""
    if Path(config.docs_dir).resolve() == _WRITTEN:
        folder = TemporaryDirectory(prefix="audit-docs-")
        atexit.register(folder.cleanup)
        gather(_WRITTEN, Path(folder.name))
        config.docs_dir = folder.name
        config.watch.append(str(_WRITTEN))
    return config
