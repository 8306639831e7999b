"""What a rule is about in; the rule with cases that are true, as YAML for its author to edit, out.

What the rule names is the author's, or the sums that the form itself prints. The figures of its
cases are tried on the evaluator, so that every case is true; they are small and mostly zero, to be
read by people.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from typing import Any, NamedTuple

import yaml
from msgspec.structs import replace

from auditor.checks.load import compile_rule, load_rules
from auditor.checks.selftest import AGENCY, REST, judge_case, name_of, refs_of
from auditor.errors import DefinitionError
from auditor.model.check import Case, Check, Filled, Linear, Relation, Rule, Written
from auditor.model.finding import Status
from auditor.model.form import Form, SumConstraint, Table
from auditor.model.report import Ref
from auditor.yamlsource import read_yaml

SIDED = ("equal", "total", "at_most", "at_least")
"""Kinds that compare two sums."""
LISTED = ("filled", "absent", "number", "competence")
"""Kinds that take a list of boxes."""
DRAFTED = (*SIDED, *LISTED)
_OPERAND = re.compile(r"(?P<whole>-?[0-9]+)|((?P<times>-?[0-9]+)\*)?(?P<lag>last_year:)?(?P<of>.+)")
_WHOLE = re.compile(r"-?[0-9]+")
_KEY = re.compile(r"[a-z][a-z0-9_]*")
_FEW = 5
"""Up to so many figures a case names one by one."""


class Draft(NamedTuple):
    """What a rule is to be about, in the words of its author; see `operand`."""

    form: Form
    kind: str
    table: Table
    each: str | None = None
    left: tuple[str, ...] = ()
    """One side of a comparison; the printed total."""
    right: tuple[str, ...] = ()
    """The other side; the total's parts."""
    cells: tuple[str, ...] = ()
    only: tuple[str, ...] = ()
    """The lines to which the rule is limited."""
    more: Mapping[str, Any] = {}
    """Further keys below the kind's own, such as `decimals`."""
    agency: str = ""
    """Whose report the cases are about."""

    def filled(self) -> Draft:
        """With what the form prints for operands that were left out. Raises `DefinitionError`."""
        if self.kind in SIDED:
            if self.left and self.right:
                return self
            left, right = _printed_sum(self)
            return self._replace(left=self.left or left, right=self.right or right)
        if self.cells:
            return self
        if self.kind != "absent":
            return self._replace(cells=("*" if self.each else "*/*",))
        rows = tuple(row.key for row in self.table.rows if row.instead_of)
        if not rows:
            raise _wrong(
                f"every copy of the form has all rows of table {self.table.key!r}, "
                "so that none of them is ever absent"
            )
        if self.each == "row":
            return self._replace(cells=("*",), only=self.only or rows)
        return self._replace(cells=rows if self.each else tuple(f"{row}/*" for row in rows))

    def scope(self) -> dict[str, Any]:
        """The keys of a rule that say what it is about. Raises `DefinitionError`."""
        left, right, cells = ([*map(operand, each)] for each in (self.left, self.right, self.cells))
        body: Any = cells
        if self.kind == "total":
            if len(left) != 1:
                raise _wrong("a total is one figure", "name one on the left side")
            body = {"total": left[0], "of": right}
        elif self.kind in SIDED:
            body = [left, right]
        elif self.kind in ("number", "competence"):
            body = {"cells": cells, **self.more}
        each = {"each": self.each} if self.each else {}
        only = {f"{self.each}s": list(self.only)} if self.only else {}
        return {"table": self.table.key, **each, **only, self.kind: body}

    def named(self, texts: Iterable[str], language: str) -> list[str]:
        """Operands with every row, column and group by its label, or its key in English."""
        groups = {each.key: each.label for each in self.table.groups}
        lines = {each.key: each.label for each in (*self.table.columns, *self.table.rows)}
        labels = {
            key: f"\u201c{label}\u201d" if language == "zh" else key.replace("_", " ")
            for key, label in (groups | lines).items()
        }
        return [_KEY.sub(lambda key: labels.get(key[0], key[0]), text) for text in texts]


def operand(text: str) -> Any:
    """An operand as a rule file has it, from `total`, `10*total`, `last_year:total` or a number."""
    found = _OPERAND.fullmatch(text.strip())
    if found is None:
        raise _wrong("an operand is empty")
    if found["whole"]:
        return int(found["whole"])
    times = {"times": int(found["times"])} if found["times"] not in (None, "1") else {}
    lag = {"lag": 1} if found["lag"] else {}
    return {"of": found["of"], **times, **lag} if times or lag else found["of"]


def rule_text(draft: Draft, head: Mapping[str, Any]) -> str:
    """The rule as an item of a rule file; `head` has its id, statement, basis and severity.

    Raises `DefinitionError` where it names what the form does not have, or could not be tested.
    """
    item = {**head, **draft.scope()}
    try:
        (rule,) = load_rules(_as_yaml(item), "the new rule")
        cases = [_case_item(case) for case in find_cases(rule, draft)]
    except DefinitionError as error:  # its place is a line of a file that there is not
        raise _wrong(error.message, error.hint) from None
    return _as_yaml(item | {"tests": cases})


def appended(text: str, file: str, item: str) -> str:
    """The text of a rule file with one more item; every character that was there stays.

    Raises `DefinitionError` where the file is laid out so that nothing can be added at its end.
    """
    old: tuple[Rule, ...] = ()
    indent = 0
    if any(line.strip() and not line.lstrip().startswith("#") for line in text.splitlines()):
        top = read_yaml(text, file)
        old = load_rules(text, file)
        indent = int(top.node.start_mark.column)
        if getattr(top.node, "flow_style", False):
            raise _wrong("the list in this file is written in brackets", "put each item on a line")
    newline = "\r\n" if "\r\n" in text else "\n"
    lines = [" " * indent + line if line else "" for line in item.splitlines()]
    gap = "" if not text else newline if text.endswith("\n") else newline * 2
    whole = text + gap + newline.join(lines) + newline
    if load_rules(whole, file)[:-1] != old:
        raise _wrong(f"nothing can be added at the end of {file}")
    return whole


def find_cases(rule: Rule, draft: Draft) -> Iterator[Case]:
    """A case that passes, one that fails and one that is undetermined, of the rule's first check.

    A rule for which one of them cannot be had is a `DefinitionError`: it decides nothing.
    """
    checks = compile_rule(rule, draft.form)
    predicate = checks[0].predicate
    wanted = [Status.PASS, Status.FAIL, Status.UNDETERMINED]
    if isinstance(predicate, Filled) and not predicate.wanted:
        wanted.pop()  # whether a box is there is always known
    agency = _agency(draft)
    found: dict[Status, Case] = {}
    for figures in _trials(checks[0], draft.form):
        given = ({AGENCY: agency} if agency else {}) | _named(figures, checks[0], draft.form)
        case = Case(given, "", None, rule.place)
        _, _, outcome = judge_case(case, checks, draft.form)
        exact = isinstance(predicate, Linear) and predicate.relation is Relation.EQ
        difference = outcome.residual if exact and outcome.status is Status.FAIL else None
        case = replace(case, expected=outcome.status.value, difference=difference)
        found.setdefault(outcome.status, case)
        if all(status in found for status in wanted):
            break
    for status in wanted:
        if status not in found:
            raise _wrong(
                f"{rule.id}: no figures were found for which the rule is {status.value}",
                "does it hold, or fail, whatever the figures are?",
            )
        yield found[status]


def _agency(draft: Draft) -> str:
    """A name that one of the patterns of `never` matches; empty where there are none."""
    never = draft.more.get("never", ())
    names = [draft.agency] if draft.agency else [each.strip("^$") for each in never]
    found = next((each for each in names if re.search("|".join(never), each)), "")
    if draft.kind == "competence" and not found:
        raise _wrong("no agency is known whose name matches a pattern", "name such an agency")
    return found


def _named(figures: Mapping[Ref, str], check: Check, form: Form) -> dict[str, str]:
    """The figures as a case says them, with zero for the rest."""
    present = _present(check, form)
    rest = [ref for ref in present if ref not in figures]
    by_name = len(present) <= _FEW and bool(figures)
    every = {**dict.fromkeys([ref for ref in rest if ref.lag or by_name], "0"), **figures}
    zero = {} if by_name or (figures and all(ref.lag for ref in rest)) else {REST: "0"}
    return zero | {name_of(ref, check): every[ref] for ref in refs_of(check) if ref in every}


def _present(check: Check, form: Form) -> tuple[Ref, ...]:
    """What the check reads, without the rows that only some copies of the form have."""

    def is_optional(ref: Ref) -> bool:
        table, row, _ = ref.address
        return bool(row and form.table(table).row(row).instead_of)

    refs = refs_of(check)
    return tuple(ref for ref in refs if not is_optional(ref)) or refs


def _trials(check: Check, form: Form) -> Iterator[dict[Ref, str]]:
    """Figures to try, but for zeros: for each start itself, then with one figure of it changed."""
    predicate = check.predicate
    present = _present(check, form)
    changes = ["illegible", "blank"]
    starts: Iterable[dict[Ref, str]] = [{}]
    if isinstance(predicate, Linear):
        starts = _sums(predicate, check, present)
    elif isinstance(predicate, Written):
        finer = Decimal(1).scaleb(-predicate.decimals - 1)
        starts = [{predicate.ref: "3"}]
        changes = [*(f"3{unit}" for unit in form.numerals.units[:1]), "c. 3", "-1", f"{finer:f}"]
        changes.append("illegible")
    for start in starts:
        yield start
        order = [*start, *(ref for ref in present if ref not in start)]
        for ref in order:
            if not isinstance(predicate, Written):
                yield {**start, ref: str(int(start.get(ref, "0")) + 1)}
        for change in changes:
            # The last first, for the first is often the total.
            yield from ({**start, ref: change} for ref in [*reversed(start), *present])


def _sums(linear: Linear, check: Check, present: tuple[Ref, ...]) -> Iterator[dict[Ref, str]]:
    """Figures for which the sum is just right, few of them but zero."""
    weights = {each.ref: each.coefficient for each in linear.terms}
    ways = [ref for ref in present if ref in weights]
    ways.sort(key=lambda ref: (ref != check.subject, abs(weights[ref]) != 1))
    for small in ((2, 1), (2,), (1,), ()):
        for way in ways:
            against = [ref for ref in ways if weights[ref] * weights[way] < 0]
            scale = max(weights[way], -weights[way])
            chosen = {ref: size * scale for ref, size in zip(against, small, strict=False)}
            rest = linear.constant - sum(weights[ref] * size for ref, size in chosen.items())
            size, left = divmod(rest, weights[way])
            if not left and size >= 0:
                yield {ref: str(each) for ref, each in {way: int(size), **chosen}.items()}
    yield {}


def _printed_sum(draft: Draft) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The sides of a sum that the form prints along the axis, as selectors."""
    table = draft.table
    # An equation of two sums, where there is one, is what `equal` is for.
    for constraint in sorted(
        table.sums, key=lambda each: (len(each.left) == 1) is (draft.kind == "equal")
    ):
        left, right = constraint.left, _grouped(table, constraint, draft.kind == "total")
        if draft.each not in (None, constraint.each) or (len(left) > 1 and draft.kind != "equal"):
            continue
        if draft.kind == "at_most":
            left, right = constraint.right[:1], left
        elif draft.kind == "at_least":
            right = constraint.right[:1]
        if draft.each:
            return left, right
        # Without an axis, the boxes of the last column or of the first row.
        place = "{}/" + table.columns[-1].key
        if constraint.each == "row":
            place = table.rows[0].key + "/{}"
        return tuple(map(place.format, left)), tuple(map(place.format, right))
    along = f" along its {draft.each}s" if draft.each else ""
    raise _wrong(
        f"table {table.key!r} prints no sum{along} that the rule could be about",
        "name the left and the right side",
    )


def _grouped(table: Table, constraint: SumConstraint, is_total: bool) -> tuple[str, ...]:
    """The right side, with the name of a group of rows where all of them stand there; of the parts
    of a total it is none itself, though it stands in their group."""
    rest = list(constraint.right)
    for group in table.groups if constraint.each == "column" else ():
        own = [row.key for row in table.rows_of(group.key)]
        own = [key for key in own if not is_total or (key,) != constraint.left]
        if own and all(key in rest for key in own):
            rest[rest.index(own[0])] = f"{group.key}.*"
            rest = [key for key in rest if key not in own]
    return tuple(rest)


def _case_item(case: Case) -> dict[str, Any]:
    given = {key: int(text) if _WHOLE.fullmatch(text) else text for key, text in case.given.items()}
    said = case.difference if case.difference is None else int(case.difference)
    return {"given": given, "is": case.expected} | ({} if said is None else {"difference": said})


def _as_yaml(item: Mapping[str, Any]) -> str:
    """A list of one item; what is plain in itself stands on one line."""
    how: Any = {"allow_unicode": True, "sort_keys": False, "width": math.inf}
    return str(yaml.safe_dump([dict(item)], default_flow_style=None, **how))


def _wrong(message: str, hint: str = "") -> DefinitionError:
    return DefinitionError("draft", message, hint=hint)
