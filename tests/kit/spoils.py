"""A report's text in; the same text out, as copying, printing and typing may spoil it further.

Whatever is lost or added, no figure becomes another: a reader may leave cells unread, never wrong.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from random import Random

Spoil = Callable[[str, Random], str]

_HAN = re.compile(r"[\u4e00-\u9fff]")
_BETWEEN_HAN = re.compile(r"(?<=[\u4e00-\u9fff])(?=[\u4e00-\u9fff])")
_CELL = re.compile(r"(?<=[\t ])\d+(?=[\t\n ])")
_FIRST_KEPT = 6
"""Lines at the top that stay whole: without its title nobody knows a report's year."""


def _half_width(text: str, rng: Random) -> str:
    return text.translate(str.maketrans("（）：，；．", "():,;."))


def _spaces_for_tabs(text: str, rng: Random) -> str:
    return text.replace("\t", " ")


def _pipes_for_tabs(text: str, rng: Random) -> str:
    lines = text.split("\n")
    return "\n".join(
        " | ".join(line.split("\t")) + " |" if "\t" in line else line for line in lines
    )


def _a_line_a_cell(text: str, rng: Random) -> str:
    return re.sub(r"\t+", "\n", text)


def _no_blank_lines(text: str, rng: Random) -> str:
    return re.sub(r"\n\s*\n+", "\n", text)


def _more_blank_lines(text: str, rng: Random) -> str:
    return text.replace("\n", "\n\n")


def _one_line(text: str, rng: Random) -> str:
    return re.sub(r"\s*\n\s*", " ", text)


def _spaced_words(text: str, rng: Random) -> str:
    return re.sub(r"([\u4e00-\u9fff])(?=[\u4e00-\u9fff])", r"\1 ", text)


def _quoted(text: str, rng: Random) -> str:
    return "\n".join("> " + line for line in text.split("\n"))


def _page_numbers(text: str, rng: Random) -> str:
    # A bare number between lines that are cells is a cell: nobody can tell it from one.
    shape = rng.choice(("- {} -", "第 {} 页", "—{}—", "{} / 9"))
    found: list[str] = []
    for number, line in enumerate(text.split("\n"), start=1):
        found.append(line)
        if number % 25 == 0:
            found += ["", shape.format(number // 25), ""]
    return "\n".join(found)


def _a_line_twice(text: str, rng: Random) -> str:
    lines, at = _somewhere(text, rng)
    return "\n".join([*lines[:at], lines[at], *lines[at:]])


def _a_line_lost(text: str, rng: Random) -> str:
    lines, at = _somewhere(text, rng)
    return "\n".join([*lines[:at], *lines[at + 1 :]])


def _lines_joined(text: str, rng: Random) -> str:
    lines, at = _somewhere(text, rng)
    return "\n".join(
        [*lines[:at], rng.choice(("", " ", "\t")).join(lines[at : at + 3]), *lines[at + 3 :]]
    )


def _a_cell_emptied(text: str, rng: Random) -> str:
    return _at_some(text, rng, _CELL, 1, lambda said: "")


def _a_letter_for_zero(text: str, rng: Random) -> str:
    return _at_some(
        text, rng, re.compile(r"(?<=[\t ])0(?=[\t\n ])"), 1, lambda said: rng.choice("OoＯ〇")
    )


def _a_row_broken(text: str, rng: Random) -> str:
    return _at_some(text, rng, re.compile(r"(?<=\d)[\t ]+(?=\d)"), 1, lambda said: "\n")


def _labels_broken(text: str, rng: Random) -> str:
    return _at_some(text, rng, _BETWEEN_HAN, 8, lambda said: "\n")


def _characters_lost(text: str, rng: Random) -> str:
    return _at_some(text, rng, _HAN, 8, lambda said: "")


def _misprints(text: str, rng: Random) -> str:
    return _at_some(text, rng, _HAN, 8, lambda said: "囗")


def _cut_off(text: str, rng: Random) -> str:
    end = text.find("\n", rng.randint(len(text) // 2, len(text)))
    return text[:end] if end >= 0 else text


def _somewhere(text: str, rng: Random) -> tuple[list[str], int]:
    lines = text.split("\n")
    return lines, rng.randrange(min(_FIRST_KEPT, len(lines) - 1), len(lines))


def _at_some(
    text: str, rng: Random, what: re.Pattern[str], count: int, instead: Callable[[str], str]
) -> str:
    top = len("\n".join(text.split("\n")[:_FIRST_KEPT]))
    places = list(what.finditer(text, min(top, len(text) // 4)))
    chosen = rng.sample(places, min(count, len(places)))
    for found in sorted(chosen, key=lambda each: -each.start()):
        text = text[: found.start()] + instead(found[0]) + text[found.end() :]
    return text


SPOILS: dict[str, Spoil] = {
    "half-width marks": _half_width,
    "spaces for tabs": _spaces_for_tabs,
    "pipes for tabs": _pipes_for_tabs,
    "a line for each cell": _a_line_a_cell,
    "no blank lines": _no_blank_lines,
    "more blank lines": _more_blank_lines,
    "everything on one line": _one_line,
    "spaced words": _spaced_words,
    "quoted": _quoted,
    "page numbers": _page_numbers,
    "a line twice": _a_line_twice,
    "a line lost": _a_line_lost,
    "lines joined": _lines_joined,
    "a cell emptied": _a_cell_emptied,
    "a letter for a zero": _a_letter_for_zero,
    "a row broken": _a_row_broken,
    "labels broken": _labels_broken,
    "characters lost": _characters_lost,
    "misprints": _misprints,
    "cut off": _cut_off,
}
