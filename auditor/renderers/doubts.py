"""A notice in words, with the tables that it names by their titles."""

from __future__ import annotations

from auditor.model.form import Form
from auditor.model.source import Notice
from auditor.wording import notice as in_words

ASSURING = frozenset({"second-reader-agrees"})
"""Notices that take a doubt away: told to those who want all."""


def doubt_in_words(notice: Notice, form: Form, language: str) -> str:
    """What a notice says; every detail shows."""
    titles = {table.key: table.title.get(language, table.key) for table in form.tables}
    details = [
        (name, titles.get(text, text) if name == "table" else text) for name, text in notice.details
    ]
    return in_words(notice.code, details, language)
