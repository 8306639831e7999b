"""Addresses that fsspec opens: all files below one out, or in words why they cannot be told."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from fsspec import AbstractFileSystem
from fsspec.asyn import AsyncFileSystem

from auditor.errors import InputError
from auditor.messages import both

_LIBRARIES = ("libjvm", "libhdfs", "pyarrow")
"""One of these is what `hdfs://` lacks."""


def files_below(files: AbstractFileSystem, path: str) -> dict[str, dict[str, Any]]:
    """By path what is known of each file below, or of the file itself; nothing where none is.

    Raises what the store raises for a folder that cannot be listed: fsspec itself leaves it out, as
    if nothing were in it. Links to folders are left out, as in a folder of this machine.
    """
    find = files._find if files.async_impl else files.find
    try:
        # Object stores have a list of their own, which is one and raises.
        if find.__func__ not in (AsyncFileSystem._find, AbstractFileSystem.find):
            return dict(files.find(path, detail=True))
        return dict(_walk(files, path.rstrip("/")))
    except FileNotFoundError:
        return {}


def _walk(files: AbstractFileSystem, path: str) -> Iterator[tuple[str, dict[str, Any]]]:
    for about in files.ls(path, detail=True):
        # A file that is listed itself may be told as a folder's entry without a name.
        name = about["name"].rstrip("/")
        if about["type"] != "directory":
            yield name, about
        elif name != path and not about.get("islink"):
            yield from _walk(files, name)


def opening_error(address: str, error: Exception) -> InputError:
    """The error for an address that cannot be opened, or whose files cannot be listed."""
    said = dict.fromkeys(("en", "zh"), str(error).strip() or type(error).__name__)
    if address.startswith("hdfs:") and any(each in said["en"] for each in _LIBRARIES):
        said = both("corpus-libhdfs")
    translations = {language: (text, "") for language, text in said.items()}
    return InputError("store", said["en"], place=address, translations=translations)
