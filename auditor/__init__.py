"""audit: find the wrong figure in a report before it is published.

    import auditor
    library = auditor.load_library()
    found = auditor.audit(auditor.Document("report.txt", content), library)

`__all__` is the whole public interface; each name is imported when first used.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from auditor.definitions import Library, load_library
    from auditor.errors import AuditError, DefinitionError, InputError
    from auditor.findings import verdict_of
    from auditor.model.finding import Audit, Finding
    from auditor.model.report import Report
    from auditor.model.source import Document
    from auditor.pipeline import audit, audit_report, read_report
    from auditor.readers.limits import Limits

__version__ = "0.2.0"

_HOMES = {
    "Audit": "auditor.model.finding",
    "AuditError": "auditor.errors",
    "DefinitionError": "auditor.errors",
    "Document": "auditor.model.source",
    "Finding": "auditor.model.finding",
    "InputError": "auditor.errors",
    "Library": "auditor.definitions",
    "Limits": "auditor.readers.limits",
    "Report": "auditor.model.report",
    "audit": "auditor.pipeline",
    "audit_report": "auditor.pipeline",
    "load_library": "auditor.definitions",
    "read_report": "auditor.pipeline",
    "verdict_of": "auditor.findings",
}

__all__ = [
    "Audit",
    "AuditError",
    "DefinitionError",
    "Document",
    "Finding",
    "InputError",
    "Library",
    "Limits",
    "Report",
    "audit",
    "audit_report",
    "load_library",
    "read_report",
    "verdict_of",
]


def __dir__() -> list[str]:
    return sorted({*__all__, *(name for name in globals() if name.startswith("__"))})


def __getattr__(name: str) -> Any:
    """The public name, imported now: `import auditor` alone stays cheap."""
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    found = getattr(import_module(_HOMES[name]), name)
    globals()[name] = found
    return found
