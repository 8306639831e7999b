"""The two ways in which input can be wrong; everything else is a defect of ours and propagates."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType


class AuditError(Exception):
    """Something a person can put right: what is wrong, where, and what to do."""

    def __init__(
        self,
        code: str,
        message: str,
        *,
        place: str = "",
        hint: str = "",
        translations: Mapping[str, tuple[str, str]] = MappingProxyType({}),
    ) -> None:
        """`translations` are message and hint by language; both are given in English."""
        super().__init__(message)
        self.code = code
        self.message = message
        self.place = place
        self.hint = hint
        self.translations = translations

    def __str__(self) -> str:
        where = f"{self.place}: " if self.place else ""
        hint = f" ({self.hint})" if self.hint else ""
        return f"{where}{self.message}{hint}"


class InputError(AuditError):
    """A document that cannot be read or recognised."""


class DefinitionError(AuditError):
    """A rule, form or setting that is wrong; `place` is `file:line`."""
