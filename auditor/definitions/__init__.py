"""Folders of YAML in, one immutable `Library` out: every form, its rules, and a digest of it all.

A folder holds `<form>/<edition>/form.yaml`, how sentences speak of the form in `<form>/prose.yaml`
(or in an edition's own), rules for every edition in `<form>/checks/*.yaml`,
rules for one edition in `<form>/<edition>/checks/*.yaml`, and loose `*.yaml` files, each of whose
rules says its `form`.

What the packaged rules come to is in the wheel, or kept from an earlier run (`compiled`).
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from pathlib import Path
from typing import overload

from msgspec import Struct

from auditor.definitions import compiled
from auditor.errors import DefinitionError
from auditor.model.check import CaseResult, Check, Definition, Rule, Rulebook
from auditor.model.form import Form
from auditor.prose.lexer import Lexer
from auditor.regular import read_text

_MOST_BYTES = 5_000_000
"""Of one file of definitions; the largest of the package's is a fiftieth of it."""
_MOST_ENTRIES = 10_000
"""Files and folders below a folder of rules, which settings may name: not a whole disk."""


class Library(Struct, frozen=True):
    """Forms and the rules that apply to each, compiled; see `test_rules` for the rules' cases."""

    forms: tuple[Form, ...]
    """Ordered by id."""
    rulebooks: Mapping[str, Rulebook]
    """By form id."""
    digest: str
    definitions: Sequence[Definition]
    lexers: Mapping[str, Lexer] = {}
    """The words of sentences by form id, where they are at hand; else they are made when needed."""
    added: frozenset[str] = frozenset()
    """The ids of forms that stand in folders of the user's own."""

    def __repr__(self) -> str:
        """Short: all that is defined fills a book."""
        return f"Library(digest={self.digest!r})"

    @property
    def rules(self) -> dict[str, tuple[Rule, ...]]:
        """The rules by form id, in the order of their files."""
        return {form_id: book.rules for form_id, book in self.rulebooks.items()}

    def form(self, form_id: str) -> Form:
        """The form with this id; `KeyError` when there is none."""
        for form in self.forms:
            if form.id == form_id:
                return form
        raise KeyError(form_id)

    def checks(self, form_id: str) -> tuple[Check, ...]:
        """Every rule of the form compiled onto it."""
        return self.rulebooks[form_id].checks

    def checks_on(self, form: Form) -> tuple[Check, ...]:
        """Every rule compiled onto a form of the library's, or onto what a report makes of it."""
        own = self.rulebooks[form.id].checks
        if not form.is_open or any(form is each for each in self.forms):
            return own
        from auditor.definitions.assembly import compiled_on

        return compiled_on(self.definitions, self.forms, self.digest, form)

    def rule(self, rule_id: str, form_id: str | None = None) -> Rule:
        """The rule with this id, of that form or of the last that has it; else `KeyError`."""
        for form in reversed(self.forms):
            for rule in self.rulebooks[form.id].rules if form_id in (None, form.id) else ():
                if rule.id == rule_id:
                    return rule
        raise KeyError(rule_id)


def load_library(*folders: str | os.PathLike[str]) -> Library:
    """The library that comes with the package, and the user's own folders on top.

    Raises `DefinitionError` for anything that cannot be taken at its word: an unknown key, two
    rules of one form with the same id, an edition that does not exist. What the package's own
    rules come to is kept for the next run; folders of the user's are read anew in each.
    """
    if not folders:
        known = compiled.built() or compiled.kept()
        return Library(known.forms, known.rulebooks, known.digest, PackagedTexts(), known.lexers)
    definitions = [*PackagedTexts()]
    for folder in map(Path, folders):
        if not folder.is_dir():
            raise DefinitionError("no-rules", "there is no such folder of rules", place=str(folder))
        definitions += _read(folder, folder.as_posix())
    library = assembled(definitions)
    _refuse_contradictions(library.forms, library.rulebooks)
    return library


def assembled(definitions: Iterable[Definition]) -> Library:
    """What the definitions define; raises `DefinitionError` as `load_library` does."""
    from auditor.definitions.assembly import assemble  # it brings YAML and every kind of rule

    texts = tuple(definitions)
    own = (each for each in texts if each.parts[-1] == "form.yaml")
    added = frozenset(
        "/".join(each.parts[:-1]) for each in own if not each.file.startswith("rules/")
    )
    return Library(*assemble(texts), digest_of(texts), texts, added=added)


class PackagedTexts(Sequence[Definition]):
    """The package's own definitions, read when the first is asked for: most runs need none."""

    @cached_property
    def _texts(self) -> tuple[Definition, ...]:
        return tuple(_read(compiled.own_rules(), "rules"))

    @overload
    def __getitem__(self, index: int) -> Definition: ...
    @overload
    def __getitem__(self, index: slice) -> Sequence[Definition]: ...
    def __getitem__(self, index: int | slice) -> Definition | Sequence[Definition]:
        return self._texts[index]

    def __len__(self) -> int:
        return len(self._texts)


def amended(library: Library, definition: Definition) -> Library:
    """The library with one file of rules put in the place of that of its name, or added.

    Raises `DefinitionError` as `load_library` does.
    """
    others = (each for each in library.definitions if each.file != definition.file)
    return assembled((*others, definition))


def shown_as(folder: Path) -> str:
    """What the files in a folder of rules are called by: the package's own by `rules`."""
    return "rules" if folder.resolve() == compiled.own_rules().resolve() else folder.as_posix()


def _refuse_contradictions(forms: Iterable[Form], rulebooks: Mapping[str, Rulebook]) -> None:
    """Raises `DefinitionError` where no figures at all satisfy the errors' sums of a form."""
    from auditor.strength import conflict  # the package's own rules are known to agree

    for form in forms:
        found = conflict(rulebooks[form.id].checks, form)
        if not found:
            continue
        *others, last = {check.rule.id: check.rule for check in found}.values()
        listed = ", ".join(f"{check.id} ({check.rule.place})" for check in found)
        with_whom = "together with " + ", ".join(rule.id for rule in others) if others else "alone"
        raise DefinitionError(
            "contradiction",
            f"{last.id}: no figures of {form.id} satisfy it {with_whom}",
            place=str(last.place),
            hint=f"leave out one of these and there are some: {listed}",
        )


def agency_names(library: Library) -> dict[str, tuple[str, ...]]:
    """By form id, the names of agencies that the rules' own cases speak of."""
    from auditor.definitions.assembly import rules_with_cases

    forms = {form.id: form for form in library.forms}
    return {
        form_id: tuple(
            dict.fromkeys(
                str(case.given["agency"])
                for rule in rules
                for case in rule.cases
                if "agency" in case.given
            )
        )
        for form_id, rules in rules_with_cases(library.definitions, forms).items()
    }


def test_rules(library: Library) -> list[CaseResult]:
    """Every rule's own cases, with their mutations, on every form that the rule is for."""
    # Only those who write rules need it; an audit is spared the time it takes to import.
    from auditor.checks.selftest import run_cases
    from auditor.definitions.assembly import rules_with_cases

    forms = {form.id: form for form in library.forms}
    found: list[CaseResult] = []
    for form_id, rules in rules_with_cases(library.definitions, forms).items():
        for rule in rules:
            found += run_cases(rule, forms[form_id])
    return found


test_rules.__test__ = False  # type: ignore[attr-defined]


def _read(folder: Path, shown: str) -> Iterator[Definition]:
    for path in _files(folder, shown):
        parts = path.relative_to(folder).parts
        file = "/".join((shown, *parts))
        text = read_text(path, _MOST_BYTES, file)
        yield Definition(file, parts, text.replace("\r\n", "\n").replace("\r", "\n"))


def _files(folder: Path, shown: str) -> list[Path]:
    """Every file of definitions below it, in order; links to folders are not followed."""
    found: list[Path] = []
    seen = 0
    for above, folders, files in os.walk(folder):
        seen += len(folders) + len(files)
        if seen > _MOST_ENTRIES:
            said = f"there are more than {_MOST_ENTRIES:,} files and folders in it"
            raise DefinitionError("no-rules", said, place=shown, hint="name a folder of rules")
        found += (Path(above, name) for name in files if name.endswith(".yaml"))
    return sorted(found)


def digest_of(definitions: Iterable[Definition]) -> str:
    """Over names below their folders and contents, so that where the folders lie is no matter."""
    seen = hashlib.sha256()
    for each in definitions:
        for part in ("/".join(each.parts), each.text):
            encoded = part.encode()
            seen.update(b"%d:" % len(encoded) + encoded)
    return seen.hexdigest()
