"""Folders of YAML in, one immutable `Library` out: every form, its rules, and a digest of it all.

A folder holds `<form>/<edition>/form.yaml`, how sentences speak of the form in `<form>/prose.yaml`
(or in an edition's own), rules for every edition in `<form>/checks/*.yaml`,
rules for one edition in `<form>/<edition>/checks/*.yaml`, and loose `*.yaml` files, each of whose
rules says its `form`.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import NamedTuple

from auditor.checks.compile import compile_rule
from auditor.checks.load import load_rules
from auditor.errors import DefinitionError
from auditor.forms.load import load_form
from auditor.forms.prose.load import load_wordings
from auditor.model.check import CaseResult, Check, Rule
from auditor.model.form import Form
from auditor.model.wordings import Wordings
from auditor.yamlsource import read_yaml

_NO_RULES = ("form.yaml", "prose.yaml")


class Definition(NamedTuple):
    """The text of one file, and where it stands below the folder of rules."""

    file: str
    """As shown to people: no absolute path unless they gave one."""
    parts: tuple[str, ...]
    text: str


@dataclass(frozen=True)
class Library:
    """Forms and the rules that apply to each. Rules are without their cases; see `test_rules`."""

    forms: tuple[Form, ...]
    """Ordered by id."""
    rules: Mapping[str, tuple[Rule, ...]]
    """By form id; in the order of their files."""
    digest: str
    definitions: tuple[Definition, ...] = field(default=(), repr=False)
    _compiled: dict[str, tuple[Check, ...]] = field(default_factory=dict, repr=False, compare=False)

    def form(self, form_id: str) -> Form:
        """The form with this id; `KeyError` when there is none."""
        for form in self.forms:
            if form.id == form_id:
                return form
        raise KeyError(form_id)

    def checks(self, form_id: str) -> tuple[Check, ...]:
        """Every rule of the form compiled onto it, once.

        Raises `DefinitionError` where a rule names what the form does not have.
        """
        found = self._compiled.get(form_id)
        if found is None:
            form = self.form(form_id)
            found = tuple(
                check for rule in self.rules[form_id] for check in compile_rule(rule, form)
            )
            self._compiled[form_id] = found
        return found

    def rule(self, rule_id: str, form_id: str | None = None) -> Rule:
        """The rule with this id, of that form or of the last that has it; else `KeyError`."""
        for form in reversed(self.forms):
            for rule in self.rules[form.id] if form_id in (None, form.id) else ():
                if rule.id == rule_id:
                    return rule
        raise KeyError(rule_id)


def load_library(*extra: Path) -> Library:
    """The library that comes with the package, and the user's own folders on top.

    Raises `DefinitionError` for anything that cannot be taken at its word: an unknown key, two
    rules of one form with the same id, an edition that does not exist.
    """
    definitions = [*_read(_own_rules(), "rules")]
    for folder in extra:
        if not folder.is_dir():
            raise DefinitionError("no-rules", "there is no such folder of rules", place=str(folder))
        definitions += _read(folder, folder.as_posix())
    forms = _forms(definitions)
    return Library(
        tuple(forms[key] for key in sorted(forms)),
        _rules(definitions, forms, with_cases=False),
        _digest(definitions),
        tuple(definitions),
    )


def amended(library: Library, definition: Definition) -> Library:
    """The library with one file of rules put in the place of that of its name, or added.

    Raises `DefinitionError` as `load_library` does.
    """
    others = (each for each in library.definitions if each.file != definition.file)
    definitions = [*others, definition]
    forms = {form.id: form for form in library.forms}
    rules = _rules(definitions, forms, with_cases=False)
    return Library(library.forms, rules, _digest(definitions), tuple(definitions))


def shown_as(folder: Path) -> str:
    """What the files in a folder of rules are called by: the package's own by `rules`."""
    return "rules" if folder.resolve() == _own_rules().resolve() else folder.as_posix()


def test_rules(library: Library) -> list[CaseResult]:
    """Every rule's own cases, with their mutations, on every form that the rule is for."""
    # Only those who write rules need it; an audit is spared the time it takes to import.
    from auditor.checks.cases import run_cases

    forms = {form.id: form for form in library.forms}
    found: list[CaseResult] = []
    for form_id, rules in _rules(library.definitions, forms, with_cases=True).items():
        for rule in rules:
            found += run_cases(rule, forms[form_id])
    return found


test_rules.__test__ = False  # type: ignore[attr-defined]


def _own_rules() -> Path:
    """`auditor/_rules` in an installed package, `rules` beside the package in a checkout."""
    package = Path(__file__).parent
    installed = package / "_rules"
    return installed if installed.is_dir() else package.parent / "rules"


def _read(folder: Path, shown: str) -> Iterator[Definition]:
    for path in sorted(folder.rglob("*.yaml")):
        parts = path.relative_to(folder).parts
        file = "/".join((shown, *parts))
        try:
            yield Definition(file, parts, path.read_text(encoding="utf-8-sig"))
        except UnicodeDecodeError:
            raise DefinitionError("encoding", "the file is not UTF-8", place=file) from None


def _digest(definitions: list[Definition]) -> str:
    """Over names below their folders and contents, so that where the folders lie is no matter."""
    seen = hashlib.sha256()
    for each in definitions:
        for part in ("/".join(each.parts), each.text):
            encoded = part.encode()
            seen.update(b"%d:" % len(encoded) + encoded)
    return seen.hexdigest()


def _forms(definitions: list[Definition]) -> dict[str, Form]:
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
    definitions: tuple[Definition, ...] | list[Definition],
    forms: Mapping[str, Form],
    *,
    with_cases: bool,
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
