"""A word processor's style sheet in; what a paragraph or a run is shown as out."""

from __future__ import annotations

from collections.abc import Iterator

from auditor.readers.numbering import Element, W

_DEEPEST = 20
"""A style may be based on another; a circle of them is broken here."""
_OFF = ("0", "false", "off", "none")


class Styles:
    """What each style says for itself or by the styles that it is based on."""

    def __init__(self, styles: Element | None) -> None:
        self._styles: dict[str, Element] = {}
        self._standard = ""
        self._known: dict[str, tuple[Element, ...]] = {}
        for style in styles.iter(f"{W}style") if styles is not None else ():
            name = style.get(f"{W}styleId", "")
            self._styles[name] = style
            if style.get(f"{W}type") == "paragraph" and style.get(f"{W}default") in ("1", "true"):
                self._standard = name

    def has(self, name: str, run: Element | None, paragraph: Element | None) -> bool:
        """Whether a run's text has a property that is on or off, such as `vanish`.

        What the run says goes before what its style says, and that before its paragraph's.
        """
        for properties in self._of(run, paragraph):
            found = properties.find(f"{W}{name}")
            if found is not None:
                return found.get(f"{W}val") not in _OFF
        return False

    def is_raised(self, run: Element | None, paragraph: Element | None) -> bool:
        """Whether a run stands above the line."""
        return self._aligned(run, paragraph) == "superscript"

    def is_lowered(self, run: Element | None, paragraph: Element | None) -> bool:
        """Whether a run stands below the line."""
        return self._aligned(run, paragraph) == "subscript"

    def is_heading(self, paragraph: Element | None) -> bool:
        """Whether a paragraph is a heading by its outline level."""
        if paragraph is None:
            return False
        style = _named(paragraph, "pStyle") or self._standard
        levels = [paragraph, *(each.find(f"{W}pPr") for each in self._chain(style))]
        for properties in levels:
            level = properties.find(f"{W}outlineLvl") if properties is not None else None
            if level is not None:
                return level.get(f"{W}val", "") in tuple("012345678")
        return False

    def _aligned(self, run: Element | None, paragraph: Element | None) -> str:
        for properties in self._of(run, paragraph):
            found = properties.find(f"{W}vertAlign")
            if found is not None:
                return found.get(f"{W}val", "")
        return ""

    def _of(self, run: Element | None, paragraph: Element | None) -> Iterator[Element]:
        if run is not None:
            yield run
            yield from self._runs(_named(run, "rStyle"))
        yield from self._runs(_named(paragraph, "pStyle") or self._standard)

    def _runs(self, name: str) -> tuple[Element, ...]:
        """How runs are shown in a style, its own properties first; asked for by every run."""
        if name not in self._known:
            found = (style.find(f"{W}rPr") for style in self._chain(name))
            self._known[name] = tuple(each for each in found if each is not None)
        return self._known[name]

    def _chain(self, name: str) -> Iterator[Element]:
        for _ in range(_DEEPEST):
            style = self._styles.get(name)
            if style is None:
                return
            yield style
            name = _named(style, "basedOn")


def _named(properties: Element | None, tag: str) -> str:
    found = properties.find(f"{W}{tag}") if properties is not None else None
    return found.get(f"{W}val", "") if found is not None else ""
