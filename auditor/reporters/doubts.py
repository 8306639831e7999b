"""A notice in words, with the tables and rows that it names by their titles."""

from __future__ import annotations

from auditor.messages import notice as in_words
from auditor.model.form import Form
from auditor.model.source import Notice

ASSURING = frozenset({"second-reader-agrees"})
"""Notices that take a doubt away: told to those who want all."""


def doubt_in_words(notice: Notice, form: Form, language: str) -> str:
    """What a notice says; every detail shows."""
    titles = {table.key: table.title.get(language, table.key) for table in form.tables}
    given = dict(notice.details)
    if "table" in given and "between" in given:
        labels = {row.key: row.label for row in form.table(given["table"]).rows}
        keys = given["between"].split(" / ")
        given["between"] = " / ".join(labels.get(key, key) for key in keys)
    if "table" in given:
        given["table"] = titles.get(given["table"], given["table"])
    return in_words(notice.code, tuple(given.items()), language)
