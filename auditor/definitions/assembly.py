"""The texts of a library in; its forms, their rules and every check out.

A mistake in a text is a `DefinitionError`: an unknown key, two rules of one form with the same id,
an edition that does not exist, a rule that names what its form does not have.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from msgspec.structs import replace

from auditor.checks.load import compile_rule, load_rules
from auditor.definitions.forms import load_form
from auditor.definitions.wordings import load_wordings
from auditor.errors import DefinitionError
from auditor.model.check import Check, Definition, Rule, Rulebook
from auditor.model.form import Form
from auditor.model.wordings import Wordings
from auditor.yamlsource import read_yaml

_NO_RULES = ("form.yaml", "prose.yaml", "agencies.yaml", "screening.yaml")


class Parts(NamedTuple):
    """What a library consists of."""

    forms: tuple[Form, ...]
    """Ordered by id."""
    rulebooks: Mapping[str, Rulebook]
    """By form id."""


def assemble(definitions: Sequence[Definition]) -> Parts:
    """Everything that the definitions define."""
    forms = _forms(definitions)
    rulebooks: dict[str, Rulebook] = {}
    for form_id, found in _rules(definitions, forms, with_cases=False).items():
        compiled = [_compiled(rule, forms[form_id]) for rule in found]
        rulebooks[form_id] = Rulebook(
            tuple(rule for rule, _ in compiled),
            tuple(check for _, checks in compiled for check in checks),
        )
    return Parts(tuple(forms[key] for key in sorted(forms)), rulebooks)


_written: dict[tuple[str, str], tuple[Rule, ...]] = {}
"""By digest and form: its rules as they are written, of forms with rows of a report's own."""
_instances: dict[tuple[str, str], list[tuple[Form, tuple[Check, ...]]]] = {}
_MOST_INSTANCES = 16
"""Of which the checks are kept: the reports of one agency have the same rows."""


def compiled_on(
    definitions: Sequence[Definition], forms: Sequence[Form], digest: str, form: Form
) -> tuple[Check, ...]:
    """The rules of a form, compiled onto what a report makes of it. `digest`: of the library."""
    key = digest, form.id
    known = _instances.setdefault(key, [])
    for other, checks in known:
        if other.tables == form.tables:
            return checks
    if key not in _written:
        family = form.id.split("/", 1)[0]
        own = [each for each in definitions if len(each.parts) == 1 or each.parts[0] == family]
        _written[key] = _rules(own, {each.id: each for each in forms}, with_cases=False)[form.id]
    checks = tuple(check for rule in _written[key] for check in _compiled(rule, form)[1])
    known.append((form, checks))
    del known[:-_MOST_INSTANCES]
    return checks


def _compiled(rule: Rule, form: Form) -> tuple[Rule, Iterator[Check]]:
    """The rule as it is told to people, and its checks, which keep nothing else of it.

    Once it is compiled, nobody asks for the body and the conditions. Without them neither the
    kinds of rule nor YAML need to be imported where a library is kept from an earlier run.
    """
    checks = compile_rule(rule, form)
    brief = replace(rule, body=None, when=())
    return brief, (replace(check, rule=brief) for check in checks)


def rules_with_cases(
    definitions: Sequence[Definition], forms: Mapping[str, Form]
) -> dict[str, tuple[Rule, ...]]:
    """By form id, every rule as it was written, with its own tests."""
    return _rules(definitions, forms, with_cases=True)


def _forms(definitions: Sequence[Definition]) -> dict[str, Form]:
    found: dict[str, Form] = {}
    places: dict[str, str] = {}
    for each in definitions:
        if each.parts[-1] != "form.yaml":
            continue
        form = load_form(each.text, each.file)
        folder = "/".join(each.parts[:-1])
        if form.id != folder:
            raise DefinitionError(
                "form-id", f"the form is {form.id!r} and stands in {folder!r}", place=each.file
            )
        if form.id in found:
            raise DefinitionError(
                "form-id", f"{form.id} is defined also in {places[form.id]}", place=each.file
            )
        found[form.id], places[form.id] = form, each.file
    for each in definitions:
        if each.parts[-1] == "prose.yaml":
            home = "/".join(each.parts[:-1])
            whole = read_yaml(each.text, each.file)
            for key in [key for key in found if key == home or key.startswith(f"{home}/")]:
                if found[key].wordings != Wordings():
                    raise DefinitionError(
                        "form-id", f"the wordings of {key} stand also elsewhere", place=each.file
                    )
                wordings = load_wordings(whole, found[key])
                found[key] = replace(found[key], wordings=wordings)
    return found


def _rules(
    definitions: Sequence[Definition], forms: Mapping[str, Form], *, with_cases: bool
) -> dict[str, tuple[Rule, ...]]:
    found: dict[str, dict[str, Rule]] = {form_id: {} for form_id in sorted(forms)}
    for each in definitions:
        if each.parts[-1] in _NO_RULES:
            continue
        for rule in load_rules(each.text, each.file, with_cases=with_cases):
            for form_id in _forms_of(rule, each, forms):
                first = found[form_id].setdefault(rule.id, rule)
                if first is not rule:
                    raise _wrong(rule, f"the id {rule.id!r} stands also at {first.place}")
    return {form_id: tuple(rules.values()) for form_id, rules in found.items()}


def _forms_of(rule: Rule, source: Definition, forms: Mapping[str, Form]) -> list[str]:
    """The forms that a rule is for, by where its file stands and what the rule says; never none."""
    folder, in_checks = source.parts[:-1], source.parts[-2:-1] == ("checks",)
    if not folder:
        if rule.form is None:
            raise _wrong(rule, "a rule outside the folders of a form needs the key 'form'")
        if rule.form not in forms:
            raise _wrong(rule, f"there is no form {rule.form!r}", _known(forms))
        return [rule.form]
    if not in_checks or len(folder) not in (2, 3):
        raise DefinitionError(
            "place", "rules stand in <form>/checks or <form>/<edition>/checks", place=source.file
        )
    if rule.form is not None:
        raise _wrong(rule, "the folder says which form this rule is for; leave out 'form'")
    home = "/".join(folder[:-1])
    among = [key for key in forms if key == home or key.startswith(f"{home}/")]
    if not among:
        raise _wrong(rule, f"there is no form {home!r}", _known(forms))
    if not rule.editions:
        return among
    editions = {key.rpartition("/")[2]: key for key in among}
    for edition in rule.editions:
        if edition not in editions:
            raise _wrong(rule, f"there is no edition {edition!r}", _known(editions))
    return [editions[edition] for edition in rule.editions]


def _known(choices: Iterable[str]) -> str:
    return "known: " + ", ".join(sorted(choices))


def _wrong(rule: Rule, message: str, hint: str = "") -> DefinitionError:
    return DefinitionError("definition", f"{rule.id}: {message}", place=str(rule.place), hint=hint)
