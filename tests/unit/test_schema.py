"""The JSON Schema of definition files: what it takes is what the loaders take."""

from __future__ import annotations

import copy
import json
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml
from jsonschema import Draft202012Validator

from auditor.checks.load import KINDS, load_rules
from auditor.cli.rules import SORTS
from auditor.definitions.agencies import load_agencies
from auditor.definitions.forms import load_form
from auditor.definitions.schema import SCHEMAS, checks_schema
from auditor.definitions.screening import load_screening
from auditor.definitions.wordings import load_wordings
from auditor.errors import DefinitionError
from auditor.model.check import Definition
from auditor.yamlsource import read_yaml
from tests.support import form, library

ROOT = Path(__file__).parents[2]
RULES = ROOT / "rules"
FILES = sorted(RULES.rglob("*.yaml"))
VALIDATORS = {sort: Draft202012Validator(made(None)) for sort, made in SCHEMAS.items()}
FORM = form()


class _Dates(yaml.CSafeLoader):
    """YAML as editors read it: a date is a text."""


_Dates.yaml_implicit_resolvers = {
    first: [each for each in own if each[0] != "tag:yaml.org,2002:timestamp"]
    for first, own in yaml.SafeLoader.yaml_implicit_resolvers.items()
}


def sort_of(path: Path) -> str:
    if path.name in ("agencies.yaml", "screening.yaml"):
        return path.stem
    return {"form.yaml": "form", "prose.yaml": "wordings"}.get(path.name, "checks")


@cache
def parsed(path: Path) -> Any:
    return yaml.load(path.read_text(encoding="utf-8"), Loader=_Dates)


class _Writer(yaml.CSafeDumper):
    """Writes nothing at all for None, as people do who leave a value out."""


_Writer.add_representer(
    type(None), lambda dumper, _: dumper.represent_scalar("tag:yaml.org,2002:null", "")
)


def written(value: Any) -> str:
    return yaml.dump(value, Dumper=_Writer, allow_unicode=True, width=10**9)


LOADERS: dict[str, Callable[[str], object]] = {
    "checks": lambda text: load_rules(text, "r.yaml"),
    "form": lambda text: load_form(text, "form.yaml"),
    "wordings": lambda text: load_wordings(read_yaml(text, "prose.yaml"), FORM),
    "agencies": lambda text: load_agencies([Definition("agencies.yaml", ("agencies.yaml",), text)]),
    "screening": lambda text: load_screening(
        [Definition("screening.yaml", ("cn-goi-annual", "screening.yaml"), text)], library().forms
    ),
}


def loader_says(sort: str, value: Any) -> str:
    """The loader's complaint; empty where it takes the file."""
    try:
        LOADERS[sort](written(value))
    except DefinitionError as error:
        return error.message
    return ""


@pytest.mark.parametrize("sort", ["agencies", "screening"])
def test_the_first_line_of_a_file_leads_editors_to_its_schema(sort: str) -> None:
    (path,) = RULES.rglob(f"{sort}.yaml")
    first = path.read_text(encoding="utf-8").splitlines()[0]
    schema = path.parent / first.removeprefix("# yaml-language-server: $schema=")
    assert schema.resolve() == RULES / "schema" / f"{sort}.json"


def test_the_command_prints_every_schema_that_there_is() -> None:
    assert {*SORTS} == {*SCHEMAS}


@pytest.mark.parametrize("sort", sorted(SCHEMAS))
def test_the_schema_is_a_schema_and_every_reference_in_it_is_met(sort: str) -> None:
    schema = SCHEMAS[sort](None)
    Draft202012Validator.check_schema(schema)
    used = set(re.findall(r'"#/\$defs/(\w+)"', json.dumps(schema)))
    assert used == set(schema["$defs"])


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(RULES)))
def test_every_shipped_file_fits_its_schema(path: Path) -> None:
    assert [each.message for each in VALIDATORS[sort_of(path)].iter_errors(parsed(path))] == []


@pytest.mark.parametrize("form", library().forms, ids=lambda form: str(form.id))
def test_every_shipped_rule_fits_the_schema_of_its_form(form: Any) -> None:
    validator = Draft202012Validator(checks_schema(form))
    family = form.id.partition("/")[0]
    for path in [*RULES.glob(f"{form.id}/checks/*.yaml"), *RULES.glob(f"{family}/checks/*.yaml")]:
        rules = [
            rule
            for rule in parsed(path)
            if form.id.rpartition("/")[2] in rule.get("editions", [form.id.rpartition("/")[2]])
        ]
        assert rules and [each.message for each in validator.iter_errors(rules)] == []


@pytest.mark.parametrize(
    "change",
    [
        {"table": "aplications"},
        {"equal": [["new_recieved"], ["total_handled"]]},
        {"equal": [["new_received/totl"], ["total_handled"]]},
        {"equal": [["regulations/amount"], ["total_handled"]]},
        {"columns": ["issued"]},
        {"form": "cn-goi-annual/2020"},
    ],
)
def test_the_schema_of_a_form_allows_its_own_names_only(change: dict[str, Any]) -> None:
    rule = {
        "id": "balance",
        "statement": {"zh": "句", "en": "sentence"},
        "basis": "law",
        "severity": "error",
        "table": "applications",
        "each": "column",
        "columns": ["total"],
        "form": FORM.id,
        "equal": [["new_received", "denied.*"], [{"of": "total_handled", "lag": 1}, 3]],
    }
    validator = Draft202012Validator(checks_schema(FORM))
    assert validator.is_valid([rule])
    assert not validator.is_valid([rule | change])
    assert VALIDATORS["checks"].is_valid([rule | change])


def test_every_kind_is_described() -> None:
    properties = SCHEMAS["checks"](None)["items"]["properties"]
    assert set(KINDS) <= set(properties)
    for keyword in KINDS:
        assert len(properties[keyword]["description"]) > 20


@pytest.mark.parametrize("sort", sorted(SCHEMAS))
def test_the_schema_beside_the_rules_is_the_one_that_the_loaders_make(sort: str) -> None:
    kept = json.loads((RULES / "schema" / f"{sort}.json").read_text(encoding="utf-8"))
    assert kept == SCHEMAS[sort](None), "run `make schema`"


def check_jsonschema(schema: Path, *files: Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "check_jsonschema", "--schemafile", str(schema)]
    return subprocess.run(
        [*command, *map(str, files)], capture_output=True, text=True, timeout=400, check=False
    )


def test_the_hooks_of_pre_commit_name_every_file_and_pass() -> None:
    config = yaml.safe_load((ROOT / ".pre-commit-config.yaml").read_text(encoding="utf-8"))
    hooks = [hook for repo in config["repos"] for hook in repo["hooks"]]
    checked: set[Path] = set()
    for hook in hooks:
        entry = hook["entry"].split()
        if entry[0] != "check-jsonschema":
            continue
        files = [
            path for path in FILES if re.search(hook["files"], path.relative_to(ROOT).as_posix())
        ]
        done = check_jsonschema(ROOT / entry[2], *files)
        assert done.returncode == 0, done.stdout
        checked.update(files)
    assert checked == set(FILES)


def test_a_hook_of_pre_commit_stops_a_misspelt_key(tmp_path: Path) -> None:
    text = (RULES / "cn-goi-annual/checks/disputes.yaml").read_text(encoding="utf-8")
    broken = tmp_path / "disputes.yaml"
    broken.write_text(text.replace("severity:", "severty:", 1), encoding="utf-8")
    done = check_jsonschema(RULES / "schema" / "checks.json", broken)
    assert done.returncode == 1
    assert "severty" in done.stdout


# Schema and loader agree on mistakes. Every sort of place in the shipped files is changed in every
# way below; what a schema cannot see is listed with the loader's own words.

LOOSER = {
    "an id that stands twice": r"the id .* stands (also|here)",
    "words made of words that are not there": "no words are called",
    "a name that the file or the form does not have": (
        r"(unknown (value|group|row)|stands instead of an unknown row|has no (row|column|group)|"
        r"a cell is written as row/column|no table of the form prints|"
        r"the axis .* has either rows or)"
    ),
    "a pattern that does not compile": "not a regular expression",
    "a key that is more than a character": "one character is needed here",
    "the same header twice": "recognised by at least",
    "a deadline for all that is not last": "the last deadline is for everybody else",
    "a box that no edition of the form has": "no edition of .* has the box",
}
SAID = re.compile("|".join(LOOSER.values()))


def places(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    yield path
    if isinstance(value, dict):
        for key, each in value.items():
            yield from places(each, (*path, key))
    elif isinstance(value, list):
        for index, each in enumerate(value):
            yield from places(each, (*path, index))


def sort_of_place(path: tuple[Any, ...]) -> tuple[Any, ...]:
    """Places that the loader reads alike: numbers in lists and a case's own keys are no matter."""
    free = {"given", "fold", "digits", "scales", "more", "same", "merged"}
    return tuple(
        "*" if isinstance(key, int) or (at and path[at - 1] in free) else key
        for at, key in enumerate(path)
    )


def at(value: Any, path: tuple[Any, ...]) -> Any:
    for key in path:
        value = value[key]
    return value


CHANGES: dict[str, Callable[[Any], Any]] = {
    "listed": lambda old: [old],
    "mapped": lambda old: {"of": old},
    "a text": lambda old: "nonsense text",
    "a number": lambda old: 7,
    "a minus": lambda old: -3,
    "a fraction": lambda old: 2.5,
    "a digit text": lambda old: "07",
    "a flag": lambda old: True,
    "nothing": lambda old: None,
    "an empty text": lambda old: "",
    "an empty list": lambda old: [],
    "an empty mapping": lambda old: {},
    "twice": lambda old: old * 2 if isinstance(old, list | str) else [old, old],
    "one more key": lambda old: {**old, "zzz": 1} if isinstance(old, dict) else [old, 1],
}


def mutants(value: Any, path: tuple[Any, ...]) -> Iterator[tuple[str, Any]]:
    old = at(value, path)
    for name, change in CHANGES.items():
        if path:
            made = copy.deepcopy(value)
            at(made, path[:-1])[path[-1]] = change(old)
        else:
            made = change(old)
        yield name, made
    if path and isinstance(path[-1], str):
        made = copy.deepcopy(value)
        del at(made, path[:-1])[path[-1]]
        yield "left out", made
        at(made, path[:-1])[f"{path[-1]}x"] = old
        yield "renamed", made


def small(rule: Any) -> Any:
    """A rule with one of its tests, so that there is less to write and read again."""
    return {**rule, "tests": rule["tests"][:1]}


def specimens() -> Iterator[tuple[str, Any, tuple[Any, ...]]]:
    """A file and a place in it, one for every sort of place."""
    seen: set[tuple[Any, ...]] = set()
    for path in FILES:
        sort, whole = sort_of(path), parsed(path)
        if sort != "checks":
            whole = short(few_wordings(whole) if sort == "wordings" else whole)
        files = [[small(rule)] for rule in whole] if sort == "checks" else [whole]
        for file in files:
            for place in places(file):
                if (key := (sort, *sort_of_place(place))) not in seen:
                    seen.add(key)
                    yield sort, file, place


def few_wordings(whole: Any) -> Any:
    """Wordings with just the mentions and topics in which some key stands first."""
    seen: set[str] = set()
    mentions = []
    for mention in whole["mentions"]:
        keys = {*mention, *(key for each in mention.get("equals", []) for key in each)}
        if keys - seen:
            seen |= keys
            mentions.append(mention)
    wanted = {mention.get(key) for mention in mentions for key in ("topic", "near")}
    topics = [topic for topic in whole["topics"] if topic["id"] in wanted]
    return {**whole, "mentions": mentions, "topics": topics}


def short(value: Any) -> Any:
    """The same with two words of every list of words, and two of every map of words."""
    if isinstance(value, list):
        few = value[:2] if all(isinstance(each, str) for each in value) else value
        return [short(each) for each in few]
    if isinstance(value, dict):
        return {
            key: dict(list(own.items())[:2])
            if key in ("fold", "digits", "scales", "more", "same", "merged")
            else short(own)
            for key, own in value.items()
        }
    return value


SPECIMENS = list(specimens())
ALONE = {"dated", "whole", "decimals"}
"""Keys whose place is the only one to reach some line of the loaders: always tried."""


def said(place: tuple[Any, ...]) -> str:
    return ".".join(map(str, place))


@pytest.mark.parametrize(
    "number",
    [
        number
        if number % 12 == 0 or ALONE & {*place[-1:]}
        else pytest.param(number, marks=pytest.mark.thorough)
        for number, (_, _, place) in enumerate(SPECIMENS)
    ],
    ids=[f"{sort}:{said(place)}" for sort, _, place in SPECIMENS],
)
def test_schema_and_loader_agree_on_what_is_changed_here(number: int) -> None:
    sort, file, place = SPECIMENS[number]
    assert loader_says(sort, file) == ""
    for name, mutant in mutants(file, place):
        told, fits = loader_says(sort, mutant), VALIDATORS[sort].is_valid(mutant)
        if fits and told:
            assert SAID.search(told), f"{name}: the loader alone says: {told}"
        assert fits or told, f"{name}: the schema alone refuses it"


@pytest.mark.parametrize("keyword", sorted(KINDS))
def test_a_second_kind_is_refused_by_both(keyword: str) -> None:
    rules = {next(key for key in rule if key in KINDS): rule for rule in all_rules()}
    own = small(rules[keyword]) if keyword in rules else None
    assert own is not None, "no shipped rule is of this kind"
    for other, rule in rules.items():
        if other != keyword:
            both = [{**own, other: rule[other]}]
            assert "exactly one kind" in loader_says("checks", both)
            assert not VALIDATORS["checks"].is_valid(both)


UNSHIPPED = {"ratio": {"ratio": "open", "of": ["a"], "to": ["a", "b"]}}
"""The kinds that no shipped rule is of."""


def all_rules() -> Iterator[Any]:
    for kind, body in UNSHIPPED.items():
        plain = {"id": kind, "statement": "x", "basis": "x", "severity": "error"}
        tests = [{"given": {"a": 1}, "is": "pass"}]
        yield {**plain, "table": "x", kind: body, "tests": tests}
    for path in FILES:
        if sort_of(path) == "checks":
            yield from parsed(path)
