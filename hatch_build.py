"""The wheel brings its rules compiled, so that no installation has to read YAML first."""

import sys
import tempfile
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class CompiledRules(BuildHookInterface):  # type: ignore[type-arg]
    """Adds `auditor/_rules/library.pickle` to a wheel; a checkout keeps its own."""

    PLUGIN_NAME = "custom"

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        if version == "editable":
            return
        root = Path(self.root)
        sys.path.insert(0, self.root)
        from auditor.definitions import compiled

        self._folder = tempfile.TemporaryDirectory()
        path = Path(self._folder.name, "library.pickle")
        compiled.build(root / "auditor", root / "rules", path)
        build_data["force_include"][str(path)] = "auditor/_rules/library.pickle"

    def finalize(self, version: str, build_data: dict[str, Any], artifact_path: str) -> None:
        if version != "editable":
            self._folder.cleanup()
