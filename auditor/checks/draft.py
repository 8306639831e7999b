"""A kind, a table and an axis in; a rule with true cases out, as YAML for its author to edit.

What the rule names is the author's, or the sums that the form itself prints. The cases are found by
evaluating the rule: `auditor.checks.figures` looks for figures that pass, fail and leave it open.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

import yaml

from auditor.checks.compile import compile_rule
from auditor.checks.figures import find_cases
from auditor.checks.load import load_rules
from auditor.errors import DefinitionError
from auditor.model.address import Words
from auditor.model.check import Case, Rule
from auditor.model.form import Form, SumConstraint, Table
from auditor.yamlsource import read_yaml

SIDED = ("equal", "total", "at_most", "at_least")
"""Kinds that compare two sums."""
LISTED = ("filled", "absent", "number", "competence")
"""Kinds that take a list of boxes."""
DRAFTED = (*SIDED, *LISTED)
_FIGURE = re.compile(r"(?:(?P<times>-?[0-9]+)\*)?(?P<last>last_year:)?(?P<of>.+)")
_WHOLE = re.compile(r"-?[0-9]+")


class Figure(NamedTuple):
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
    left: tuple[Figure, ...] = ()
    """One side of a comparison; the printed total."""
    right: tuple[Figure, ...] = ()
    """The other side; the total's parts."""
    cells: tuple[Figure, ...] = ()
    never: tuple[str, ...] = ()
    """Patterns of the names of those who may not fill the boxes."""
    agency: str = ""
    """A name that one of the patterns matches."""
    only: tuple[str, ...] = ()
    """The lines to which the rule is limited."""
    decimals: int = 0
    negative: bool = False
    bare: bool = False


def figure(text: str) -> Figure:
    """An operand from what was typed."""
    found = _FIGURE.fullmatch(text.strip())
    if found is None:
        raise _wrong("an operand is empty")
    return Figure(found["of"], int(found["times"] or 1), 1 if found["last"] else 0)


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
    return draft._replace(cells=(Figure("*" if draft.each else "*/*"),))


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


def _printed(draft: Draft) -> tuple[tuple[Figure, ...], tuple[Figure, ...]]:
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


def _placed(draft: Draft, constraint: SumConstraint, names: Iterable[str]) -> tuple[Figure, ...]:
    """The lines as selectors; without an axis, those of the last column or the first row."""
    if draft.each:
        return tuple(Figure(name) for name in names)
    if constraint.each == "column":
        return tuple(Figure(f"{name}/{draft.table.columns[-1].key}") for name in names)
    return tuple(Figure(f"{draft.table.rows[0].key}/{name}") for name in names)


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
        return draft._replace(cells=(Figure("*"),), only=draft.only or rows)
    return draft._replace(cells=tuple(Figure(row if draft.each else f"{row}/*") for row in rows))


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
