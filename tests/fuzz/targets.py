"""A kind of file → what reads it and what it is mutated from; what a reading may raise, and take.

Any exception but `InputError` and `DefinitionError` is a failure, and so is a reading that takes
more time or memory than a document may.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import cache
from random import Random
from zipfile import ZIP_DEFLATED

from auditor.checks.load import compile_rule, load_rules
from auditor.cli.config import load_configuration
from auditor.decisions.files import read_baseline, read_waivers
from auditor.definitions.forms import load_form
from auditor.definitions.wordings import load_wordings
from auditor.errors import DefinitionError, InputError
from auditor.model.source import Document
from auditor.pipeline import audit
from auditor.yamlsource import read_yaml
from tests.fuzz.mutations import mutate
from tests.fuzz.seeds import packed, parts, small, whole
from tests.support import ROOT, form, library

GUIDED = ("text", "html", "mhtml", "docx", "xlsx", "pdf", "yaml", "toml")
SECONDS = 10
"""Of processor time that one file may take."""
MEMORY = 1_000_000_000
SPENT = frozenset({"too-slow", "too-much-memory", "out-of-memory"})
"""Codes that say that a document took all the time or memory that it may: failures here."""
_MOST_SEED = 8_000
_RULES = ROOT / "rules" / "cn-goi-annual"


class Spent(Exception):
    """A file took as much time or memory as one may."""


def reader_of(kind: str) -> Callable[[bytes], str]:
    """What reads a file of the kind: the code with which it is refused, or `read`; it raises only
    what is a failure."""
    read = {"yaml": _read_yaml, "toml": _read_toml}.get(kind, _read_document)

    def act(content: bytes) -> str:
        try:
            read(content)
        except InputError as error:
            if error.code in SPENT:
                raise Spent(error.message) from error
            return error.code
        except DefinitionError as error:
            return error.code
        return "read"

    return act


def _read_document(content: bytes) -> None:
    audit(Document("case", content), library())


def _read_yaml(content: bytes) -> None:
    """As each kind of definition there is; what is no such thing is refused by most of them."""
    text = content.decode("utf-8", "replace")
    blank = form()
    _read_each(
        lambda: load_form(text, "form.yaml"),
        lambda: [list(compile_rule(rule, blank)) for rule in load_rules(text, "rules.yaml")],
        lambda: load_wordings(read_yaml(text, "prose.yaml"), blank),
        lambda: read_waivers(text, "waivers.yaml"),
    )


def _read_toml(content: bytes) -> None:
    text = content.decode("utf-8", "replace")
    _read_each(
        lambda: load_configuration(text, "audit.toml", "/x", "."),
        lambda: read_baseline(text, "baseline.json"),
    )


def _read_each(*readers: Callable[[], object]) -> None:
    """Every reader is asked, whatever the one before said; raises the last refusal."""
    refused: DefinitionError | None = None
    for read in readers:
        try:
            read()
        except DefinitionError as error:
            refused = error
    if refused:
        raise refused


@cache
def seeds_of(kind: str) -> tuple[bytes, ...]:
    """What the files of a kind are mutated from, the smallest first."""
    if kind == "yaml":
        texts = [path.read_bytes() for path in sorted(_RULES.rglob("*.yaml"))]
        lists = [b"\n- ".join(text.split(b"\n- ")[:2]) for text in texts]
        found = [*_WAIVERS, *lists, *(text[:_MOST_SEED] for text in texts)]
    elif kind == "toml":
        found = list(_SETTINGS)
    elif kind in ("docx", "xlsx"):
        found = [packed(parts(each), ZIP_DEFLATED) for each in (*small(kind), *whole(kind))]
    else:
        found = [*small(kind), *[each for each in whole(kind) if len(each) < 10 * _MOST_SEED][:6]]
    return tuple(sorted(found, key=len))


def mutation_of(kind: str, content: bytes, number: int) -> bytes:
    """The content changed in a way that the number decides."""
    rng = Random(f"{kind}/{number}")
    return mutate(content, kind, rng, rng.choice(seeds_of(kind)))


_WAIVERS = (
    b"waivers:\n  - rule: applications-balance\n    address: applications/total_handled/total\n"
    b"    report: {agency: A, year: 2024}\n    reason: r\n    by: W\n    expires: 2027-06-30\n"
    b"    values: {applications/new_received/total: 50}\nanswers:\n  - rule: f\n"
    b"    report: w*.pdf\n    address: disclosure/fees/amount\n    answer: a\n    by: L\n"
    b"    date: 2026-03-02\n",
)
_SETTINGS = (
    b'forms = ["cn-goi-annual/2021"]\nrules = ["more"]\nselect = ["a*"]\nignore = []\n'
    b'fail_on = "warning"\nlang = "zh"\nbaseline = "b.json"\nwaivers = "w.yaml"\nprevious = ["p"]\n'
    b'[severities]\na = "off"\n[limits]\npages = 9\n'
    b'[[overrides]]\npaths = ["x/*"]\nignore = ["*"]\n',
    json.dumps({"schema_version": 1, "findings": []}).encode(),
)
