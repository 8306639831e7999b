"""How web pages are read whose style or markup hides, adds or takes apart a figure, or a table.

Each kind is put on invented reports, on one figure of each, every second report with one error of
the author. A seed gives the same reports always.

    python -m benchmarks.html_damage --count 4 --kinds 'hidden:*,shown:*' --show 3

What a person sees is said by the kind; `--browser /usr/bin/chromium` compares that with the picture
that Chromium draws (Playwright): one that does not change with the figure shows none. WRONG and
`accused` must be 0: a figure that nobody sees was read, one that is seen was read as blank or as
another, or an author was accused. `right` and `found` say what that costs. Exit code 1 where they
are not 0, or the browser draws what a kind does not say.
"""

from __future__ import annotations

import argparse
import re
import sys
import time
import zlib
from collections.abc import Callable
from dataclasses import dataclass, replace
from decimal import Decimal
from fnmatch import fnmatch
from functools import partial
from io import BytesIO
from pathlib import Path
from random import Random

from auditor.definitions import load_library
from benchmarks.html_tables import TABLES, changed
from benchmarks.text_damage import _HEAD, Tally, line
from tests.damage.judge import Sample, judge, truth_of
from tests.damage.reports import SIZES, Case, invent
from tests.kit.ruled import WEB_PAGES, web_page

UNSEEN_CONTRAST = 10
"""Of 255: less is seen by no one."""
PLACEHOLDER = Decimal(918273645)
"""Printed where the damaged figure will stand."""
_CELL = re.compile(rf"<td([^>]*)>{PLACEHOLDER}</td>")

HIDING = {
    "display": "display:none",
    "visibility": "visibility:hidden",
    "white": "color:#fff",
    "white-name": "color:White",
    "white-rgb": "color:rgb(100% 100% 100%)",
    "near-white": "color:#fefefe",
    "paper": "background-color:#eee;color:#eee",
    "paper-black": "background:black;color:#000",
    "transparent": "color:transparent",
    "fill": "-webkit-text-fill-color:transparent",
    "opacity": "opacity:0",
    "opacity-filter": "filter:opacity(0)",
    "font-size": "font-size:0",
    "font": "font:0/1 serif",
    "indent": "display:inline-block;text-indent:-9999px",
    "off-left": "position:absolute;left:-9999px",
    "off-margin": "position:absolute;margin-left:-9999px",
    "off-transform": "display:inline-block;transform:translateX(-9999px)",
    "clip": "position:absolute;clip:rect(0,0,0,0)",
    "clip-path": "display:inline-block;clip-path:inset(100%)",
    "height": "display:block;height:0;overflow:hidden",
    "max-width": "display:inline-block;max-width:0;overflow:hidden;white-space:nowrap",
    "scale": "display:inline-block;transform:scale(0)",
    "content-visibility": "display:block;content-visibility:hidden",
}
SHOWING = {
    "color": "color:#333",
    "white-on-blue": "background:#00f;color:#fff",
    "black-on-grey": "background-color:#eee;color:#000",
    "opacity": "opacity:.9",
    "small": "font-size:9px",
    "relative": "position:relative;left:2px",
    "clip-static": "clip:rect(0,0,0,0)",
    "height-visible": "display:block;height:0",
    "overflow": "display:block;overflow:hidden",
    "underline": "text-decoration:underline",
    "print-only": "--x:0;color:black",
    "unknown": "disply:none",
}
CARRIERS: dict[str, tuple[str, str]] = {
    "inline": ("", "style='{0}'"),
    "class": (".x{{{0}}}", "class=x"),
    "id": ("#x1{{{0}}}", "id=x1"),
    "element": ("u{{text-decoration:none;{0}}}", ""),
    "descendant": ("table tr td u{{text-decoration:none;{0}}}", ""),
    "nth": ("td > u:nth-child(1){{text-decoration:none;{0}}}", ""),
    "attribute": ("[data-x]{{{0}}}", "data-x"),
    "nested": ("table{{td{{u{{{0}}}}}}}", ""),
    "variable": (":root{{--y:0}}.x{{{0};top:var(--y)}}", "class=x"),
    "important": (".x{{{1}}}#x1{{all:revert}}", "class=x id=x1"),
    "media": ("@media screen{{.x{{{0}}}}}", "class=x"),
    "supports": ("@supports (display:block){{.x{{{0}}}}}", "class=x"),
    "layer": ("@layer a{{.x{{{0}}}}}", "class=x"),
    "linked": ("", "style='{0}'"),
}
"""A sheet and the attributes of an element `u` for declarations, plain and marked important."""
SEEN_ANYWAY: dict[str, tuple[str, str]] = {
    "print": ("@media print{.x{display:none}}", "<u class=x>{0}</u>"),
    "hover": (".x:hover{display:none}", "<u class=x>{0}</u>"),
    "later": (".x{display:none}.x{display:inline}", "<u class=x>{0}</u>"),
    "specific": ("td .x{display:inline}.x{display:none}", "<u class=x>{0}</u>"),
    "important": (".x{display:inline!important}#i{display:none}", "<u class=x id=i>{0}</u>"),
    "inline-wins": (".x{opacity:0}", "<u class=x style='opacity:1'>{0}</u>"),
    "white-back": (".x{color:white}.y{color:#000}", "<u class=x><b class=y>{0}</b></u>"),
    "visible-in-hidden": (
        ".x{visibility:hidden}.y{visibility:visible}",
        "<u class=x><b class=y>{0}</b></u>",
    ),
    "sized-in-none": (".x{font-size:0}.y{font-size:12px}", "<u class=x><b class=y>{0}</b></u>"),
    "hidden-shown": ("[hidden]{display:inline}", "<u hidden>{0}</u>"),
    "aria-hidden": ("", "<u aria-hidden=true>{0}</u>"),
    "details-open": ("", "<details open><summary>a</summary>{0}</details>"),
    "white-on-table": ("table{background:#036}td{color:#fff}", "<u>{0}</u>"),
    "white-row-blue-cell": ("td{background:#036}tr{color:white}", "{0}"),
    "other-class": (".gone{color:#fff}.old{text-decoration:line-through}", "<u class=x>{0}</u>"),
    "linked-sheet": ("", "<u class=num>{0}</u><link rel=stylesheet href=a.css>"),
    "icon": (".x::before{content:'\\e601'}", "<u class=x>{0}</u>"),
    "clearfix": (".x::after{content:'';display:none}", "<u class=x>{0}</u>"),
    "before-none": (".x::before{content:'7';display:none}", "<u class=x>{0}</u>"),
}
UNSEEN: dict[str, tuple[str, str]] = {
    "hidden": ("", "<u hidden>{0}</u>"),
    "details": ("", "<details><summary>a</summary>{0}</details>"),
    "dialog": ("", "<dialog>{0}</dialog>"),
    "template": ("", "<template>{0}</template>"),
    "noscript": ("", "<noscript>{0}</noscript>"),
    "comment": ("", "<!--[if gte mso 9]>{0}<![endif]-->"),
    "important": (".x{display:none!important}#i{display:inline}", "<u class=x id=i>{0}</u>"),
    "specific": ("td .x{display:none}.x{display:inline}", "<u class=x>{0}</u>"),
    "var": (":root{--c:#fff}.x{color:var(--c)}", "<u class=x>{0}</u>"),
    "var-fallback": (".x{color:var(--none, #fff)}", "<u class=x>{0}</u>"),
    "is": (":is(.x,.y){display:none}", "<u class=x>{0}</u>"),
    "where-not": ("td :where(u):not(.y){display:none}", "<u class=x>{0}</u>"),
    "current": (".x{color:white;background:currentColor}", "<u class=x>{0}</u>"),
    "inherited-white": (".x{color:white}", "<u class=x><b>{0}</b></u>"),
    "inherit": (".x{color:white}.y{color:inherit}", "<u class=x><b class=y>{0}</b></u>"),
    "font-tag": ("", "<font color=white>{0}</font>"),
    "font-hex": ("", "<font color='#FFFFFF'>{0}</font>"),
    "zero-in-em": (".x{font-size:0}.y{font-size:2em}", "<u class=x><b class=y>{0}</b></u>"),
    "box-around": (".x{display:block;height:0;overflow:hidden}", "<div class=x><b>{0}</b></div>"),
    "opacity-around": (".x{opacity:0}.y{opacity:1}", "<u class=x><b class=y>{0}</b></u>"),
    "off-around": (".x{position:absolute;left:-999em}", "<div class=x><b>{0}</b></div>"),
}
STRUCK: dict[str, tuple[str, str]] = {
    "class": (".x{text-decoration:line-through}", "<u class=x>{0}</u>"),
    "around": (".x{text-decoration:line-through}", "<div class=x><b>{0}</b></div>"),
    "cell": ("td:has(.x){text-decoration:line-through}", "<i class=x>{0}</i>"),
    "longhand": (".x{text-decoration-line:line-through}", "<u class=x>{0}</u>"),
    "del": ("", "<del>{0}</del>"),
}
"""What is struck out is seen, and not said."""
ADDED: dict[str, tuple[str, str]] = {
    "before": (".x::before{content:'7'}", "<u class=x>{0}</u>"),
    "after": ('.x:after{content:"7"}', "<u class=x>{0}</u>"),
    "attribute": (".x::after{content:attr(data-n)}", "<u class=x data-n=7>{0}</u>"),
    "escape": (".x::before{content:'\\37'}", "<u class=x>{0}</u>"),
    "counter": (".x{counter-increment:c 3}.x::before{content:counter(c)}", "<u class=x>{0}</u>"),
    "variable": (":root{--d:'7'}.x::before{content:var(--d)}", "<u class=x>{0}</u>"),
    "cell": ("td:has(.x)::before{content:'7'}", "<u class=x>{0}</u>"),
}
"""Digits that are seen beside the figure, and are none of its text."""
MARKUP: dict[str, str] = {
    "nbsp around": "&nbsp;{0}&nbsp;",
    "thin spaces": "&thinsp;{0}&#8239;",
    "wbr": "{1}<wbr>{2}",
    "soft hyphen": "{1}&shy;{2}",
    "zero width": "{1}&#8203;{2}",
    "thin within": "{1}&#8201;{2}",
    "nbsp within": "{1}&nbsp;{2}",
    "break within": "{1}<br>{2}",
    "spans": "<span>{1}</span><span>{2}</span>",
    "divs": "<div>{1}</div><div>{2}</div>",
    "comment": "{1}<!-- 7 -->{2}",
    "condition": "<!--[if mso]>7<![endif]--><![if !mso]>{0}<![endif]>",
    "note": "{0}<sup>1</sup>",
    "note link": "{0}<sup><a href='#n'>[1]</a></sup>",
    "note before": "<sup>1</sup>{0}",
    "input": "<input value='{0}'>",
    "input number": "<input type=number value='{0}' readonly>",
    "input hidden": "<input type=hidden value=7>{0}",
    "textarea": "<textarea>{0}</textarea>",
    "del ins": "<del>77</del><ins>{0}</ins>",
    "s": "<s>77</s>{0}",
    "image": "<img src='data:image/png;base64,iVBORw0KGgo=' alt='{0}'>",
    "full width": "{3}",
    "arabic": "{4}",
    "bold part": "<b>{1}</b>{2}",
    "ruby": "<ruby>{0}<rt>7</rt></ruby>",
    "title": "<span title=7>{0}</span>",
    "nested table": "<table><tr><td>{0}</td></tr></table>",
    "bdo": "<bdo dir=rtl>{5}</bdo>",
    "svg": "<svg width=60 height=20><text x=0 y=15>{0}</text></svg>",
    "meter": "<meter value=7 max=9>7</meter>{0}",
    "object": "<object data='x.bin'>{0}</object>",
}
"""By `0` the figure, `1` and `2` its halves, `3` full-width, `4` Arabic-Indic, `5` turned."""


@dataclass(frozen=True, slots=True)
class Kind:
    """One way to damage a page."""

    sheet: str
    inner: Callable[[str], str]
    """What stands in the cell, for its figure."""
    is_seen: bool = True
    says_figure: bool = True
    """Whether a reader may read the figure; else only a blank, or nothing."""
    varied: str = ""
    """In the cell, hidden digits whose change the picture must not show."""
    cell: str = ""
    """Attributes of the cell."""


def _set(template: str, figure: str) -> str:
    half = (len(figure) + 1) // 2
    wide = figure.translate({48 + n: 0xFF10 + n for n in range(10)})
    arabic = figure.translate({48 + n: 0x660 + n for n in range(10)})
    return template.format(figure, figure[:half], figure[half:], wide, arabic, figure[::-1])


def _kinds() -> dict[str, Kind]:
    found: dict[str, Kind] = {}
    for carrier, (sheet, attributes) in CARRIERS.items():
        for group, styles in (("hidden", HIDING), ("decoy", HIDING), ("shown", SHOWING)):
            for name, style in styles.items():
                link = "<link rel=stylesheet href=site.css>" * (carrier == "linked")
                important = ";".join(f"{each}!important" for each in style.split(";"))
                head = link + f"<style>{sheet.format(style, important)}</style>" * bool(sheet)
                opened = f"<u {attributes.format(style)}>"
                inner = f"{opened}7</u>{{0}}" if group == "decoy" else f"{opened}{{0}}</u>"
                said = partial(_set, inner)
                if group == "hidden":
                    kind = Kind(head, said, is_seen=False, says_figure=False)
                else:
                    varied = f"{opened}7</u>" if group == "decoy" else ""
                    kind = Kind(head, said, varied=varied)
                found[f"{group}:{name}/{carrier}"] = kind
    for name, style in HIDING.items():
        if name in ("white", "visibility", "opacity", "font-size", "transparent", "display"):
            sheet = f"<style>tr:has(.t){{{style}}}</style>"
            found[f"around:{name}"] = Kind(
                sheet, partial(_set, "<i class=t>{0}</i>"), is_seen=False, says_figure=False
            )
        if "block" not in style:
            sheet = f"<style>td.t{{{style}}}</style>"
            for carrier, head, attributes in (
                ("class", sheet, " class=t"),
                ("inline", "", f" style='{style}'"),
            ):
                whole = partial(_set, "{0}")
                found[f"cell:{name}/{carrier}"] = Kind(head, whole, False, False, "", attributes)
    groups = (("seen", SEEN_ANYWAY), ("unseen", UNSEEN), ("struck", STRUCK), ("added", ADDED))
    for group, templates in groups:
        for name, (sheet, template) in templates.items():
            says = group == "seen"
            head = f"<style>{sheet}</style>" * bool(sheet)
            found[f"{group}:{name}"] = Kind(head, partial(_set, template), group != "unseen", says)
    for name, template in MARKUP.items():
        found[f"markup:{name}"] = Kind("", partial(_set, template))
    return found


KINDS = _kinds()


def sample_of(name: str, number: int, seed: int) -> Sample | None:
    """A report of a kind; None where its figure does not stand in a table, and once."""
    if name in KINDS:
        given = made(name, number, seed)
        return given[0] if given else None
    rng, case = _case(name, number, seed)
    given_case = case.form, case.figures, case.agency, case.year, rng
    page = web_page(WEB_PAGES[0], *given_case).decode()
    content = changed(page, TABLES[name.partition(":")[2]], rng).encode()
    return Sample(content, ".html", case, truth_of(case))


def _case(name: str, number: int, seed: int) -> tuple[Random, Case]:
    rng = Random(zlib.crc32(f"{name} {seed} {number}".encode()))
    form = load_library().form("cn-goi-annual/2021")
    return rng, invent(form, (2021, 2025), rng, list(SIZES)[1 + number % 3], number % 2 == 1)


def made(name: str, number: int, seed: int) -> tuple[Sample, str, str] | None:
    """A report of a kind, and two pages that differ in its figure alone, or in what must be unseen
    beside it; None where the figure stands in the table more than once, or nowhere."""
    kind = KINDS[name]
    rng, case = _case(name, number, seed)
    box = rng.choice([each for each, figure in case.figures.items() if figure])
    figure = case.figures[box]
    marked = {**case.figures, box: PLACEHOLDER}
    case_marked = replace(case, figures=marked)
    page = web_page(WEB_PAGES[0], case.form, marked, case.agency, case.year, rng).decode()
    if len(_CELL.findall(page)) != 1:
        return None

    def filled(inner: str) -> str:
        told = _CELL.sub(lambda found: f"<td{found[1]}{kind.cell}>{inner}</td>", page)
        told = told.replace("<html>", f"<html><head><meta charset=utf-8>{kind.sheet}</head>")
        return told.replace(str(PLACEHOLDER), f"{figure:f}")

    content = filled(kind.inner(f"{figure:f}"))
    truth = dict(truth_of(case_marked))
    truth[box] = frozenset((figure,)) if kind.says_figure else frozenset()
    if name.startswith("around:"):
        truth = {box: truth[box]}
    sample = Sample(content.encode(), ".html", case, truth, changed=not kind.says_figure)
    other = filled(kind.inner("4" * len(f"{figure:f}")))
    if kind.varied:
        other = content.replace(kind.varied, kind.varied.replace(">7<", ">4<"))
    return sample, content, other


def drawn_otherwise(browser: str, names: list[str], seed: int) -> list[str]:
    """Those kinds of which Chromium draws what they do not say."""
    from PIL import Image, ImageChops
    from playwright.sync_api import sync_playwright

    found: list[str] = []
    with sync_playwright() as program:
        page = program.chromium.launch(executable_path=browser, args=["--no-sandbox"]).new_page()
        for name in names:
            given = next(filter(None, (made(name, number, seed) for number in range(20))), None)
            if given is None:
                continue
            pictures = []
            for content in given[1:]:
                page.set_content(content)
                pictures.append(Image.open(BytesIO(page.screenshot(full_page=True))).convert("L"))
            same_size = pictures[0].size == pictures[1].size
            contrast = max(ImageChops.difference(*pictures).tobytes()) if same_size else 255
            if (contrast > UNSEEN_CONTRAST) != (KINDS[name].is_seen and not KINDS[name].varied):
                found.append(name)
    return found


def main() -> int:
    """Prints the table; 1 where a cell was read wrong or an author accused."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--count", type=int, default=2, help="reports of each kind")
    parser.add_argument("--kinds", default="*", help="patterns of names, apart by commas")
    parser.add_argument("--show", type=int, default=1, help="failures of each kind to print")
    parser.add_argument("--folder", type=Path, help="where to keep reports that were read wrong")
    parser.add_argument("--browser", help="compare what kinds say with what this Chromium draws")
    asked = parser.parse_args()
    every_kind = (*KINDS, *(f"table:{name}" for name in TABLES))
    names = [
        name for name in every_kind if any(fnmatch(name, each) for each in asked.kinds.split(","))
    ]
    if asked.browser:
        drawn = [name for name in names if name in KINDS]
        others = drawn_otherwise(asked.browser, drawn, asked.seed)
        print("\n".join(others) or "Chromium draws what the kinds say")
        return 1 if others else 0
    library = load_library()
    groups: dict[str, Tally] = {}
    shown: list[str] = []
    for name in names:
        fails: list[str] = []
        for number in range(asked.count):
            sample = sample_of(name, number, asked.seed)
            if sample is None:
                continue
            begun = time.process_time()
            verdict = judge(sample, library)
            for group in (name.partition(":")[0], "all"):
                groups.setdefault(group, Tally()).add(verdict, time.process_time() - begun)
            fails += verdict.fails
            if verdict.fails and asked.folder:
                asked.folder.mkdir(parents=True, exist_ok=True)
                stem = re.sub(r"[^\w-]+", "_", f"{name}-{number}")
                (asked.folder / f"{stem}.html").write_bytes(sample.content)
        shown += [f"{name}: {each}" for each in fails[: asked.show]]
    print(_HEAD)
    for group in sorted(groups, key=lambda name: name == "all"):
        print(line(group, groups[group]))
    print("\n".join(shown))
    total = groups.get("all", Tally())
    return 1 if total.wrong or total.accused or not total.reports else 0


if __name__ == "__main__":
    sys.exit(main())
