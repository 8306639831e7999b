"""How many contradictions between sentences and tables are found, by kind, and how many are false.

    python -m benchmarks.prose_cases FOLDER [--half 0|1] [--show] [--quick]

FOLDER holds `NAME.txt` with `NAME.json` beside each: `expect_error` lists the figure and the cell
that a finding must name (`list`, `share` and `growth` where the sentence contradicts itself);
without any, the report is consistent and every error or warning is false. `also_contradicted` are
cells that the same edit contradicts. Reports of one source share their name up to `__` and fall
into the same half, by its hash: look at one half only, and compare the other.
"""

from __future__ import annotations

import argparse
import hashlib
import json
from collections import Counter, defaultdict
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any, NamedTuple

from auditor.definitions import load_library
from auditor.model.finding import Finding
from auditor.model.source import Document
from auditor.pipeline import audit

CONSISTENT = "consistent"
LOUD = ("error", "warning")
ORGANISATIONS = ("business", "research", "public_welfare", "legal_service", "other")
GROUPS = ((".*", "_*"), ("*_suit", "*suit*"))
"""What the cases write for several rows, and what the addresses match."""
SHORT = {"A1+A2": "applications/new_received/total+carried_over/total"}
WITHIN = {"list": "prose-list-adds-up", "share": "prose-share", "growth": "prose-growth"}


class Result(NamedTuple):
    """What came of one report."""

    name: str
    kind: str
    half: int
    found: str
    """The highest severity of a finding that names the figure and its cell; empty for a miss."""
    false: tuple[tuple[str, str, str], ...]
    """Severity, message and quote of errors and warnings that nothing in the case explains."""
    expected: tuple[tuple[str, str], ...]


def half_of(name: str) -> int:
    """The half of the cases in which all reports of one source are."""
    return hashlib.sha256(name.rsplit("__", 1)[0].encode()).digest()[0] % 2


def score(case: Path) -> Result:
    """One report audited, and its findings compared with what was planted."""
    truth = json.loads(case.read_text(encoding="utf-8"))
    text = case.with_name(truth["report"])
    found = audit(Document(text.name, text.read_bytes()), load_library()).findings
    expected = [(figure, cell) for figure, cell in truth["expect_error"]]
    explained = expected + [(f, c) for f, c in truth.get("also_contradicted", [])]
    hits = [each.severity.value for each in found for one in expected if _names(each, *one)]
    order = ["error", "warning", "info"]
    false = [
        (
            each.severity.value,
            f"{each.rule_id}: {each.message['en']}",
            " / ".join(quote.text for quote in each.quotes),
        )
        for each in found
        if each.severity.value in LOUD and not any(_names(each, *one) for one in explained)
    ]
    return Result(
        case.stem,
        truth["kind"],
        half_of(case.stem),
        min(hits, key=order.index, default=""),
        tuple(false),
        tuple(expected),
    )


def _names(finding: Finding, figure: str, cell: str) -> bool:
    """Whether a finding is about this figure and this cell, or this sentence of its own."""
    quoted = "".join(quote.text for quote in finding.quotes).replace(" ", "")
    if cell in WITHIN:
        return finding.rule_id == WITHIN[cell] and figure.replace(" ", "") in quoted
    patterns = [*_patterns(cell)]
    about = any(
        fnmatchcase(str(address), pattern) for address in finding.addresses for pattern in patterns
    )
    return about and _plain(figure) in _plain(quoted + (finding.actual or ""))


def _patterns(cell: str) -> Iterator[str]:
    """The cells that a case names: with `*`, joined by `+`, or all organisations' columns."""
    table = SHORT.get(cell, cell).partition("/")[0]
    for each in SHORT.get(cell, cell).split("+"):
        whole = each if each.startswith(f"{table}/") else f"{table}/{each}"
        row, _, column = whole.rpartition("/")
        for key in ORGANISATIONS if column == "(organisations)" else (column,):
            for group in GROUPS:
                row = row.replace(*group)
            yield f"{row}/{key}"


def _plain(text: str) -> str:
    return text.replace(",", "").replace("\uff0c", "").replace(" ", "")


def table(results: list[Result]) -> Iterator[str]:
    """Found and missed by kind, and what was false."""
    kinds: dict[str, list[Result]] = defaultdict(list)
    for each in results:
        kinds[each.kind].append(each)
    yield f"{'kind':16}{'cases':>6}{'loud':>6}{'with info':>11}{'false':>7}"
    for kind, members in sorted(kinds.items(), key=lambda item: -len(item[1])):
        loud = sum(each.found in LOUD for each in members)
        told = sum(bool(each.found) for each in members)
        false = sum(len(each.false) for each in members)
        yield f"{kind:16}{len(members):6}{loud:6}{told:11}{false:7}"
    planted = [each for each in results if each.kind != CONSISTENT]
    loud = sum(each.found in LOUD for each in planted)
    told = sum(bool(each.found) for each in planted)
    alarms = Counter(one[0] for each in kinds[CONSISTENT] for one in each.false)
    yield (
        f"contradictions found: {loud / max(1, len(planted)):.1%} as error or warning, "
        f"{told / max(1, len(planted)):.1%} with info, of {len(planted)}; "
        f"consistent reports: {alarms['error']} false errors, {alarms['warning']} false warnings, "
        f"of {len(kinds[CONSISTENT])}"
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--half", type=int, choices=(0, 1))
    parser.add_argument("--show", action="store_true", help="list what was missed or is false")
    parser.add_argument("--workers", type=int, default=2)
    given = parser.parse_args()
    cases = sorted(given.folder.glob("*.json"))
    with ProcessPoolExecutor(given.workers) as pool:
        results = [*pool.map(score, cases, chunksize=8)]
    for half in (0, 1) if given.half is None else (given.half,):
        own = [each for each in results if each.half == half]
        print(f"half {half}")
        print("\n".join(table(own)))
        if given.show:
            show(own)


def show(results: list[Result]) -> None:
    """What was missed or told as information only, and every false alarm."""
    seen: set[Any] = set()
    for each in results:
        if each.kind != CONSISTENT and each.found not in LOUD:
            print(f"{'INFO' if each.found else 'MISS'} {each.name} [{each.kind}] {each.expected}")
        for one in each.false:
            if one not in seen:
                seen.add(one)
                print(f"FALSE {each.name} {' | '.join(one)}")


if __name__ == "__main__":
    main()
