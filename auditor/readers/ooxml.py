"""An office document's container in, its XML parts out, within a bound on what they unpack to."""

from __future__ import annotations

import re
from io import BytesIO
from posixpath import dirname, normpath
from zipfile import ZipFile

from lxml import etree

from auditor.model.source import Document
from auditor.readers import broken_zip_errors
from auditor.readers.limits import DEFAULT, Limits, bound_markup
from auditor.refusals import refusal

_RELATIONSHIP = "{http://schemas.openxmlformats.org/package/2006/relationships}Relationship"

_STRICT = (
    *(
        (f"purl.oclc.org/ooxml/{part}".encode(), f"schemas.openxmlformats.org/{part}/2006".encode())
        for part in ("wordprocessingml", "spreadsheetml", "drawingml", "officeDocument")
    ),
)
"""The strict form of office documents differs, for what is read here, only in its namespaces."""

Element = etree._Element
W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
S = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
RELATION_ID = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"


class Package:
    """The parts of a container; each is unpacked when it is asked for."""

    def __init__(self, document: Document, limits: Limits = DEFAULT) -> None:
        self.name = document.name
        self.limits = limits
        self._unpacked = 0
        try:
            self._zip = ZipFile(BytesIO(document.content))
        except broken_zip_errors() as error:
            raise refusal("damaged/container", document.name) from error
        entries = self._zip.infolist()
        if len(entries) > limits.parts:
            raise limits.exceeded("parts", document.name)
        self._entries = {entry.filename.lower(): entry for entry in entries}

    def xml(self, part: str) -> Element | None:
        """The root of a part; None when there is no such part. Raises `InputError`."""
        content = self.content(part)
        if content is None:
            return None
        for strict, usual in _STRICT if b"purl.oclc.org/ooxml" in content else ():
            content = content.replace(strict, usual)
        bound_markup(content, self.name, is_xml=True)
        parser = etree.XMLParser(resolve_entities=False, no_network=True, remove_comments=True)
        try:
            return etree.fromstring(content, parser)
        except (etree.XMLSyntaxError, ValueError) as error:
            raise refusal("damaged/xml", self.name, part=part) from error

    def content(self, part: str) -> bytes | None:
        """The bytes of a part; None when there is no such part. Raises `InputError`."""
        entry = self._entries.get(part.lstrip("/").lower())
        if entry is None:
            return None
        if entry.flag_bits & 1:
            raise refusal("encrypted", self.name)
        most = self.limits.part_bytes
        if entry.file_size > most:
            raise self.limits.exceeded("part_bytes", self.name)
        try:
            with self._zip.open(entry) as stream:
                content = stream.read(most + 1)
        except broken_zip_errors() as error:
            raise refusal("damaged/packed", self.name, part=part) from error
        if len(content) > most:  # the declared size lied
            raise self.limits.exceeded("part_bytes", self.name)
        self._unpacked += len(content)
        if self._unpacked > self.limits.unpacked_bytes:
            raise self.limits.exceeded("unpacked_bytes", self.name)
        return content

    def targets(self, part: str) -> dict[str, tuple[str, str]]:
        """What a part refers to, by relationship id: (kind, part); `""` is the package."""
        folder, _, last = part.rpartition("/")
        root = self.xml(f"{folder}/_rels/{last}.rels" if folder else f"_rels/{last}.rels")
        found: dict[str, tuple[str, str]] = {}
        if root is None:
            return found
        for relation in root.iter(_RELATIONSHIP):
            target = relation.get("Target", "")
            if relation.get("TargetMode") != "External":
                path = target if target.startswith("/") else f"{dirname(part)}/{target}"
                kind = relation.get("Type", "").rpartition("/")[2]
                found[relation.get("Id", "")] = (kind, normpath(path).lstrip("/"))
        return found

    def main(self, usual: str) -> tuple[str, Element]:
        """The main part's name and root; `usual` where the package does not say."""
        named = [part for kind, part in self.targets("").values() if kind == "officeDocument"]
        for part in (*named, usual):
            root = self.xml(part)
            if root is not None:
                return part, root
        raise refusal("damaged/no-main-part", self.name)


def whole_number(text: str | None, default: int) -> int:
    """A whole number of an attribute; the default for whatever is none."""
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 9 else default


_MAX_DIFFERENCE = 16
"""Of each of the three lights of 256 steps: whoever looks sees one colour."""
_COLOR = re.compile(r"[0-9A-F]{6}")


def are_alike(ink: str, paper: str) -> bool:
    """Whether letters of one colour are not seen on another; each has six digits, or is a name for
    one that cannot be told, and is not seen on itself."""
    if not (_COLOR.fullmatch(ink) and _COLOR.fullmatch(paper)):
        return bool(ink) and ink == paper
    lights = zip(bytes.fromhex(ink), bytes.fromhex(paper), strict=True)
    return all(abs(one - other) <= _MAX_DIFFERENCE for one, other in lights)
