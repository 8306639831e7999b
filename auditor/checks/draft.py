"""A kind, a table and an axis in; a rule with true cases out, as YAML for its author to edit.

What the rule names is the author's, or the sums that the form itself prints. Figures for its cases
are proposed by what the check computes and kept where evaluating them gives the status looked for,
so that every case is true. They are small and mostly zero, to be read by people.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from fractions import Fraction
from typing import Any, NamedTuple

import yaml

from auditor.checks.compile import compile_rule
from auditor.checks.load import load_rules
from auditor.checks.selftest import AGENCY, REST, judge_case, name_of, refs_of
from auditor.errors import DefinitionError
from auditor.model.address import Words
from auditor.model.check import Case, Check, Filled, Linear, ProsePredicate, Relation, Rule, Written
from auditor.model.finding import Status
from auditor.model.form import Form, SumConstraint, Table
from auditor.model.report import Ref
from auditor.yamlsource import read_yaml

SIDED = ("equal", "total", "at_most", "at_least")
"""Kinds that compare two sums."""
LISTED = ("filled", "absent", "number", "competence")
"""Kinds that take a list of boxes."""
DRAFTED = (*SIDED, *LISTED)
_FIGURE = re.compile(r"(?:(?P<times>-?[0-9]+)\*)?(?P<last>last_year:)?(?P<of>.+)")
_WHOLE = re.compile(r"-?[0-9]+")


class DraftOperand(NamedTuple):
    """An operand as it is typed: `total`, `10*total`, `last_year:total`, or a whole number."""

    selector: str
    times: int = 1
    lag: int = 0

    @property
    def plain(self) -> Any:
        """As a rule says it."""
        if _WHOLE.fullmatch(self.selector):
            return int(self.selector)
        if self.times == 1 and not self.lag:
            return self.selector
        times = {"times": self.times} if self.times != 1 else {}
        return {"of": self.selector, **times, **({"lag": 1} if self.lag else {})}


class Draft(NamedTuple):
    """What is asked for."""

    id: str
    form: Form
    kind: str
    table: Table
    each: str | None = None
    left: tuple[DraftOperand, ...] = ()
    """One side of a comparison; the printed total."""
    right: tuple[DraftOperand, ...] = ()
    """The other side; the total's parts."""
    cells: tuple[DraftOperand, ...] = ()
    never: tuple[str, ...] = ()
    """Patterns of the names of those who may not fill the boxes."""
    agency: str = ""
    """A name that one of the patterns matches."""
    only: tuple[str, ...] = ()
    """The lines to which the rule is limited."""
    decimals: int = 0
    negative: bool = False
    bare: bool = False


def figure(text: str) -> DraftOperand:
    """An operand from what was typed."""
    found = _FIGURE.fullmatch(text.strip())
    if found is None:
        raise _wrong("an operand is empty")
    return DraftOperand(found["of"], int(found["times"] or 1), 1 if found["last"] else 0)


def complete(draft: Draft) -> Draft:
    """The draft with operands for those that were left out, out of what the form prints."""
    if draft.kind in SIDED:
        if draft.left and draft.right:
            return draft
        left, right = _printed(draft)
        return draft._replace(left=draft.left or left, right=draft.right or right)
    if draft.cells:
        return draft
    if draft.kind == "absent":
        return _optional(draft)
    return draft._replace(cells=(DraftOperand("*" if draft.each else "*/*"),))


def rule_text(draft: Draft, statement: Words, basis: str, severity: str, loose: bool) -> str:
    """The rule as an item of a rule file; `loose` for a file outside the form's own folder.

    Raises `DefinitionError` where it names what the form does not have, or could not be tested.
    """
    head = [f"- id: {draft.id}"]
    if loose:
        head.append(f"  form: {flow(draft.form.id)}")
    head += ["  statement:", *(f"    {key}: {flow(said)}" for key, said in statement.items())]
    head += [f"  basis: {flow(basis)}", f"  severity: {severity}", f"  table: {draft.table.key}"]
    if draft.each:
        head.append(f"  each: {draft.each}")
    if draft.only:
        head.append(f"  {draft.each}s: {flow(list(draft.only))}")
    head.append(f"  {draft.kind}: {flow(_body(draft))}")
    text = "\n".join(head) + "\n"
    (rule,) = load_rules(text, f"the new rule {draft.id}")
    return text + "  tests:\n" + "".join(_case(case) for case in _cases(draft, rule))


def appended(text: str, file: str, item: str) -> str:
    """The text of a rule file with one more item; every character that was there stays.

    Raises `DefinitionError` where the file is laid out so that nothing can be added at its end.
    """
    if not any(line.strip() and not line.lstrip().startswith("#") for line in text.splitlines()):
        old: tuple[Rule, ...] = ()
        indent = 0
    else:
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


def _printed(draft: Draft) -> tuple[tuple[DraftOperand, ...], tuple[DraftOperand, ...]]:
    """The sides of a sum that the form prints along the axis."""
    table = draft.table
    # An equation of two sums, where there is one, is what `equal` is for.
    for constraint in sorted(
        table.sums, key=lambda each: (len(each.left) == 1) is (draft.kind == "equal")
    ):
        if draft.each not in (None, constraint.each):
            continue
        left = constraint.left
        right = _grouped(table, constraint) if constraint.each == "column" else constraint.right
        if len(left) > 1 and draft.kind != "equal":
            continue
        if draft.kind == "at_most":
            left, right = constraint.right[:1], left
        elif draft.kind == "at_least":
            right = constraint.right[:1]
        return _placed(draft, constraint, left), _placed(draft, constraint, right)
    along = f" along its {draft.each}s" if draft.each else ""
    raise _wrong(
        f"table {table.key!r} prints no sum{along} that the rule could be about",
        "name the left and the right side",
    )


def _placed(
    draft: Draft, constraint: SumConstraint, names: Iterable[str]
) -> tuple[DraftOperand, ...]:
    """The lines as selectors; without an axis, those of the last column or the first row."""
    if draft.each:
        return tuple(DraftOperand(name) for name in names)
    if constraint.each == "column":
        return tuple(DraftOperand(f"{name}/{draft.table.columns[-1].key}") for name in names)
    return tuple(DraftOperand(f"{draft.table.rows[0].key}/{name}") for name in names)


def _grouped(table: Table, constraint: SumConstraint) -> tuple[str, ...]:
    """The right side with the name of a group where all of its rows stand there."""
    rest = list(constraint.right)
    whole = constraint.left if len(constraint.left) == 1 else ()
    for group in table.groups:
        own = [row.key for row in table.rows if group in table.ancestors(row)]
        own = [key for key in own if key not in whole]
        if own and all(key in rest for key in own):
            rest[rest.index(own[0])] = f"{group.key}.*"
            rest = [key for key in rest if key not in own]
    return tuple(rest)


def _optional(draft: Draft) -> Draft:
    """The rows that some copies of the form print and others do not."""
    rows = tuple(row.key for row in draft.table.rows if row.instead_of)
    if not rows:
        raise _wrong(
            f"every copy of the form has all rows of table {draft.table.key!r}, "
            "so that none of them is ever absent"
        )
    if draft.each == "row":
        return draft._replace(cells=(DraftOperand("*"),), only=draft.only or rows)
    return draft._replace(
        cells=tuple(DraftOperand(row if draft.each else f"{row}/*") for row in rows)
    )


def _body(draft: Draft) -> Any:
    left, right, cells = (
        [each.plain for each in figures] for figures in (draft.left, draft.right, draft.cells)
    )
    match draft.kind:
        case "total":
            if len(left) != 1:
                raise _wrong("a total is one figure", "name one on the left side")
            return {"total": left[0], "of": right}
        case "equal" | "at_most" | "at_least":
            return [left, right]
        case "number":
            if draft.bare:
                return {"cells": cells, "bare": True}
            more: Mapping[str, Any] = {"decimals": draft.decimals} if draft.decimals else {}
            return {"cells": cells, **more, **({"negative": True} if draft.negative else {})}
        case "competence":
            return {"cells": cells, "never": list(draft.never)}
        case _:
            return cells


def _cases(draft: Draft, rule: Rule) -> Iterable[Case]:
    agency = ""
    if draft.kind == "competence":
        names = [draft.agency] if draft.agency else [each.strip("^$") for each in draft.never]
        agency = next((each for each in names if re.search("|".join(draft.never), each)), "")
        if not agency:
            raise _wrong("no agency is known whose name matches a pattern", "name such an agency")
    return find_cases(rule, compile_rule(rule, draft.form), draft.form, agency)


def _case(case: Case) -> str:
    more = {} if case.difference is None else {"difference": f"{case.difference.normalize():f}"}
    return f"    - {flow({'given': dict(case.given), 'is': case.expected, **more})}\n"


def _wrong(message: str, hint: str = "") -> DefinitionError:
    return DefinitionError("draft", message, hint=hint)


_FEW = 5
"""Up to so many figures a case names one by one."""
_Figures = dict[Ref, str]


def find_cases(
    rule: Rule, checks: tuple[Check, ...], form: Form, agency: str = ""
) -> Iterator[Case]:
    """A case that passes, one that fails and one that is undetermined, of the first check.

    A rule for which one of them cannot be had is a `DefinitionError`: it decides nothing.
    """
    check = checks[0]
    lines = _Lines(check, form, agency)
    proposals = _proposals(check, lines, form)
    for status in (Status.PASS, Status.FAIL, Status.UNDETERMINED):
        if status is Status.UNDETERMINED and _always_known(check):
            continue
        for given in map(lines.given, proposals[status]):
            case = Case(given, status.value, None, rule.place)
            _, _, outcome = judge_case(case, checks, form)
            if outcome.status is not status:
                continue
            exact = isinstance(check.predicate, Linear) and check.predicate.relation is Relation.EQ
            difference = outcome.residual if status is Status.FAIL and exact else None
            yield Case(given, status.value, difference, rule.place)
            break
        else:
            raise DefinitionError(
                "draft",
                f"{rule.id}: no figures were found for which the rule is {status.value}",
                hint="does it hold, or fail, whatever the figures are?",
            )


def _always_known(check: Check) -> bool:
    return isinstance(check.predicate, Filled) and not check.predicate.wanted


class _Lines:
    """The figures of one check: which a case names, and how."""

    def __init__(self, check: Check, form: Form, agency: str) -> None:
        self._check = check
        self._agency = agency
        self.refs = refs_of(check)
        present = tuple(ref for ref in self.refs if not _is_optional(ref, form))
        self.present = present or self.refs

    def given(self, figures: Mapping[Ref, str]) -> dict[str, str]:
        """The figures as a case says them, with zero for the rest."""
        said = {AGENCY: self._agency} if self._agency else {}
        named = {name_of(ref, self._check): text for ref, text in figures.items()}
        rest = [ref for ref in self.present if ref not in figures]
        here = [ref for ref in rest if not ref.lag]
        if len(self.present) <= _FEW and figures:
            named |= {name_of(ref, self._check): "0" for ref in here}
        elif here or not figures:
            said[REST] = "0"
        named |= {name_of(ref, self._check): "0" for ref in rest if ref.lag}
        order = [name_of(ref, self._check) for ref in self.refs]
        return said | {name: named[name] for name in order if name in named}


def _is_optional(ref: Ref, form: Form) -> bool:
    table, row, _ = ref.address
    return bool(row and form.table(table).row(row).instead_of)


def _proposals(check: Check, lines: _Lines, form: Form) -> Mapping[Status, Iterator[_Figures]]:
    match check.predicate:
        case Linear() as sums:
            weights = {each.ref: each.coefficient for each in sums.terms}
            return {
                Status.PASS: _holding(sums, weights, check, lines),
                Status.FAIL: _breaking(sums, weights, check, lines),
                Status.UNDETERMINED: _opened(_holding(sums, weights, check, lines), lines),
            }
        case Written() as written:
            return {
                Status.PASS: iter([{written.ref: "3"}]),
                Status.FAIL: iter([{written.ref: text} for text in _miswritten(written, form)]),
                Status.UNDETERMINED: iter([{written.ref: "illegible"}]),
            }
        case Filled(wanted=wanted):
            first = lines.present[0]
            return {
                Status.PASS: iter([{first: "0"} if wanted and len(lines.present) == 1 else {}]),
                Status.FAIL: iter([{ref: "blank" if wanted else "0"} for ref in lines.present]),
                Status.UNDETERMINED: iter([{first: "illegible"}]),
            }
        case ProsePredicate(aspect=aspect):
            raise DefinitionError("draft", f"{aspect} is about sentences, which have no figures")


def _miswritten(written: Written, form: Form) -> Iterator[str]:
    if written.bare:
        yield from (f"3{unit}" for unit in form.numerals.units[:1])
        yield "c. 3"
    elif not written.negative:
        yield "-1"
    yield f"{Decimal(1).scaleb(-written.decimals - 1):f}"


def _holding(
    sums: Linear, weights: Mapping[Ref, int], check: Check, lines: _Lines
) -> Iterator[_Figures]:
    """Figures for which the sum is just right, few of them but zero."""
    present = [ref for ref in lines.present if ref in weights]
    ways = sorted(present, key=lambda ref: (ref != check.subject, abs(weights[ref]) != 1))
    for small in ((2, 1), (2,), (1,), ()):
        for way in ways:
            against = [ref for ref in present if weights[ref] * weights[way] < 0]
            scale = abs(weights[way])
            chosen = {ref: size * scale for ref, size in zip(against, small, strict=False)}
            rest = sums.constant - sum(weights[ref] * size for ref, size in chosen.items())
            exact = Fraction(rest) / weights[way]
            if exact >= 0 and exact.denominator == 1:
                yield {ref: str(size) for ref, size in {way: int(exact), **chosen}.items()}
    yield {}


def _breaking(
    sums: Linear, weights: Mapping[Ref, int], check: Check, lines: _Lines
) -> Iterator[_Figures]:
    """Figures just past what the relation allows."""
    for figures in _holding(sums, weights, check, lines):
        for ref in [*figures, *(ref for ref in lines.present if ref not in figures)]:
            yield {**figures, ref: str(int(figures.get(ref, "0")) + 1)}


def _opened(holding: Iterator[_Figures], lines: _Lines) -> Iterator[_Figures]:
    """Figures of which one cannot be read; the last first, for the first is often the total."""
    for figures in holding:
        for ref in [*reversed(figures), *lines.present]:
            yield {**figures, ref: "illegible"}


class _Dumper(yaml.SafeDumper):
    """Texts that are numbers stand as numbers; what would break a line is escaped."""


def _represent(dumper: yaml.SafeDumper, text: str) -> yaml.ScalarNode:
    if re.fullmatch(r"-?[0-9]+(\.[0-9]+)?", text):
        tag = "float" if "." in text else "int"
        return dumper.represent_scalar(f"tag:yaml.org,2002:{tag}", text)
    style = None if text.isprintable() else '"'
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style)


_Dumper.add_representer(str, _represent)


def flow(value: Any) -> str:
    """A plain value as YAML on one line, lists and mappings in brackets."""
    text = yaml.dump(
        value,
        Dumper=_Dumper,
        default_flow_style=True,
        allow_unicode=True,
        sort_keys=False,
        width=math.inf,
    )
    return text.removesuffix("\n").removesuffix("\n...")
