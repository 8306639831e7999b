"""`audit rules`: what is checked, why, and whether the rules do what their own tests say."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator
from itertools import islice
from pathlib import Path
from typing import Any, NamedTuple

import click

from auditor.checks.draft import DRAFTED, Draft, appended, rule_text
from auditor.cli.options import (
    LANG_UNCONFIGURED,
    NO_COLOR,
    RULES,
    Decorator,
    combined,
    figures,
    form_ids,
    form_named,
    line_keys,
    output_format,
    rule_ids,
    table_keys,
    unknown_name,
)
from auditor.cli.process import in_colour, language_of, width_of_output
from auditor.definitions import (
    Library,
    agency_names,
    amended,
    load_library,
    shown_as,
    test_rules,
)
from auditor.definitions.forms import load_form
from auditor.errors import DefinitionError, InputError
from auditor.messages import LANGUAGES, Translator, phrase
from auditor.model.check import (
    Check,
    Definition,
    Filled,
    Linear,
    ProsePredicate,
    Ratio,
    Rule,
    Severity,
    Term,
    Written,
)
from auditor.model.finding import Failure
from auditor.model.form import Form
from auditor.model.prose import Counted, Prose
from auditor.model.report import CHILDREN, LAST_YEAR, Ref
from auditor.prose import Slots, try_sentence
from auditor.regular import replace_regular


@click.command()
@click.argument("form_id", metavar="[FORM]", required=False)
@RULES
@click.option(
    "--trials",
    type=click.IntRange(1, 1000),
    default=2,
    show_default=True,
    help="Mistakes tried and diagnosed in each cell.",
)
@click.option("--seed", type=int, default=0, show_default=True, help="Of the invented figures.")
@output_format(["terminal", "json"])
@LANG_UNCONFIGURED
@NO_COLOR
def strength(
    form_id: str | None,
    folders: tuple[Path, ...],
    trials: int,
    seed: int,
    form_of_output: str,
    lang: str | None,
    no_color: bool,
) -> None:
    """How strong the rules of a form are, tried on invented reports; of every form by default."""
    from auditor.reporters import Style
    from auditor.strength import measure_strength

    language = language_of(lang, os.environ)
    library = load_library(*folders)
    names = agency_names(library)
    if form_id is not None:
        form_named(library, form_id, language)
    found = []
    for form in library.forms:
        if form_id in (None, form.id):
            click.echo(phrase("strength-working", language, form=form.id), err=True)
            found.append(
                measure_strength(form, library.checks(form.id), names[form.id], trials, seed)
            )
    style = Style(language=language, width=width_of_output(), colour=in_colour(no_color))
    if form_of_output == "json":
        from auditor.reporters.json import strength_document

        click.echo(strength_document(found), nl=False)
        return
    from auditor.reporters.pages import render_strength

    for each in found:
        click.echo(render_strength(each, style), nl=False)


_DEFAULT_FORM = "cn-goi-annual/2021"
_DEFAULT_YEAR = 2023


@click.command("try")
@click.argument("text")
@click.option(
    "--form", "form_id", default=_DEFAULT_FORM, shell_complete=form_ids, help="The form's id."
)
@click.option("--section", default="overview", help="The section it stands in, by its id.")
@click.option("--year", type=int, default=_DEFAULT_YEAR, help="The report's year.")
@click.option("--agency", help="The agency that reports.")
@combined(LANG_UNCONFIGURED, RULES)
@click.pass_context
def try_text(
    ctx: click.Context,
    text: str,
    form_id: str,
    section: str,
    year: int,
    agency: str | None,
    lang: str | None,
    folders: tuple[Path, ...],
) -> None:
    """How a sentence is read: its words and what each is, and what its figures claim; or, where
    TEXT is the id of a form, how its invented reports are read in every layout and format: exit 2
    when a cell is read wrong."""
    language = language_of(lang, os.environ)
    library = load_library(*folders)
    if text in {form.id for form in library.forms}:
        ctx.exit(2 if _try_form(library, text, language) else 0)
    form = form_named(library, form_id, language)
    known = [each.key for each in form.wordings.sections]
    if section not in known:
        raise click.BadParameter(", ".join(known), param_hint="--section")
    prose, words = try_sentence(text, form, section, year, agency)
    click.echo(phrase("try-words", language))
    for word, slots in words:
        click.echo(f"  {word}  {_slots(slots, language)}".rstrip())
    click.echo(phrase("try-claims", language))
    lines = [*_claims(prose, form, language)]
    for line in lines or [phrase("try-nothing", language)]:
        click.echo(f"  {line}")


def _try_form(library: Library, form_id: str, language: str) -> int:
    """Prints a line for each layout and format, and how many cells were read wrong."""
    from auditor.testing.trial import try_form

    heads = [phrase(f"try-{name}", language) for name in ("right", "unread-cells", "wrong")]
    right = unread = wrong = 0
    for each in try_form(library.form(form_id), library):
        counts = zip((each.right, each.unread, each.wrong), heads, strict=True)
        said = "  ".join(f"{count:>6} {head}" for count, head in counts)
        click.echo(f"{each.layout:36}{each.failure or said}")
        right, unread, wrong = right + each.right, unread + each.unread, wrong + each.wrong
    click.echo(phrase("try-form", language, right=right, unread=unread, wrong=wrong), err=True)
    return wrong


def _slots(slots: Slots, language: str) -> str:
    comma = phrase("list-comma", language)
    return comma.join(phrase(f"slot-{kind}", language, key=key) for kind, key in slots)


def _claims(prose: Prose, form: Form, language: str) -> Iterator[str]:
    labels = {each.key: each.label for each in form.wordings.mentions}
    for said in prose.claims:
        words = prose.sentences[said.sentence].text[said.start : said.end]
        label = labels[said.mention]
        value = format(said.value.normalize() if said.value else said.value, "f")
        yield f"{said.mention} = {value}  {label.get(language) or label['en']}  {words}"
    for each in prose.counted:
        if each.state != "matched":
            figure = prose.sentences[each.sentence].text[each.start : each.end]
            yield phrase("try-refused", language, figure=figure, why=_why(each, language))


def _why(each: Counted, language: str) -> str:
    return phrase(f"why-{each.why}" if each.why else f"try-{each.state}", language)


# Drafts: what is written was loaded, compiled and tested before; a file is put in place whole or
# not at all, and every byte that stood in it stays.


class _Target(NamedTuple):
    """Where the file that the rule goes to stands below its folder of rules."""

    folder: Path
    parts: tuple[str, ...]

    @property
    def shown(self) -> str:
        return "/".join((shown_as(self.folder), *self.parts))


def _several(name: str, metavar: str, said: str, complete: Any = None) -> Decorator:
    return click.option(name, multiple=True, metavar=metavar, shell_complete=complete, help=said)


_ASKED = combined(
    click.option(
        "--form",
        "form_id",
        required=True,
        shell_complete=form_ids,
        help="The form, such as cn-goi-annual/2021.",
    ),
    click.option("--kind", required=True, type=click.Choice(DRAFTED), help="What must hold."),
    click.option(
        "--table", "table_key", required=True, shell_complete=table_keys, help="The table."
    ),
    click.option(
        "--each", type=click.Choice(["column", "row"]), help="A check for every such line."
    ),
    _several("--only", "LINE", "Only these of the lines.", line_keys),
    _several("--left", "FIGURE", "The left side; of a total, itself.", figures),
    _several("--right", "FIGURE", "The right side; a total's parts.", figures),
    _several("--cells", "CELLS", "The boxes; by default all.", figures),
    _several("--never", "PATTERN", "competence: a pattern of names."),
    click.option("--agency", default="", help="competence: a name that a pattern matches."),
    click.option("--decimals", type=click.IntRange(0, 12), help="number: decimals allowed."),
    click.option("--negative", is_flag=True, help="number: figures may be below zero."),
    click.option("--bare", is_flag=True, help="number: nothing but the figure stands in the box."),
)
_MORE = "decimals", "negative", "bare", "never"
"""Options that are keys of the kind's own."""


@click.command("new")
@click.argument("rule_id", metavar="ID")
@_ASKED
@click.option(
    "--severity",
    type=click.Choice([severity.value for severity in Severity]),
    default="error",
    show_default=True,
    help="How bad a breach is.",
)
@click.option("--basis", help="Where it is prescribed.")
@click.option(
    "--into", type=click.Path(path_type=Path, dir_okay=False), help="Append to this file."
)
@RULES
@LANG_UNCONFIGURED
def new_rule(
    *,
    rule_id: str,
    form_id: str,
    severity: str,
    basis: str | None,
    into: Path | None,
    folders: tuple[Path, ...],
    lang: str | None,
    **asked: Any,
) -> None:
    """Write a rule and its cases, from its kind, its table and the lines it runs over.

    \b
    audit rules new my-total --form cn-goi-annual/2021 --kind total --table applications --each row
    audit rules new my-cap --form cn-goi-annual/2021 --kind at_most --table disclosure \\
        --left fees/amount --right 999 --into my-rules/fees.yaml

    A FIGURE is a row, a column, row/column or a whole number; 3*total and last_year:total too.
    Without figures, the rule is about the sums that the form itself prints.
    """
    language = language_of(lang, os.environ)
    target = _target(into or Path("new.yaml"), form_id, language)
    library = load_library(*(_folders(folders, target.folder) if into else folders))
    draft = _draft(form_named(library, form_id, language), asked, language)
    item = rule_text(
        draft,
        {
            "id": rule_id,
            **({"form": form_id} if len(target.parts) == 1 else {}),
            "statement": {each: statement_of(draft, each) for each in LANGUAGES},
            "basis": basis or phrase("draft-basis", language),
            "severity": severity,
        },
    )
    try:
        old = into.read_bytes().decode("utf-8") if into and into.exists() else ""
        text = appended(old, target.shown, item)
        _try_out(library, Definition(target.shown, target.parts, text), rule_id, language)
        if into is None:
            click.echo(item, nl=False)
            click.echo(phrase("cli-drafted-here", language), err=True)
            return
        into.parent.mkdir(parents=True, exist_ok=True)
        replace_regular(into, text.encode())  # with its line ends and byte order mark
    except UnicodeDecodeError:
        raise DefinitionError("encoding", "the file is not UTF-8", place=target.shown) from None
    except OSError as error:
        why = {"file": str(into), "why": error.strerror or str(error)}
        raise click.UsageError(phrase("cli-unwritten", language, **why)) from None
    click.echo(phrase("cli-drafted", language, file=target.shown, name=rule_id), err=True)


@click.command("new-form")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--id", "form_id", required=True, metavar="FORM/EDITION", help="What it is called.")
@click.option(
    "--into",
    type=click.Path(path_type=Path, file_okay=False),
    help="Write FORM/EDITION/form.yaml in this folder of rules; no file is replaced.",
)
@LANG_UNCONFIGURED
def new_form(file: Path, form_id: str, into: Path | None, lang: str | None) -> None:
    """Draft a form.yaml from one document with the form's tables, filled in or empty.

    \b
    audit rules new-form report.docx --id my-form/2024
    audit rules new-form report.docx --id my-form/2024 --into my-rules
    audit rules try my-form/2024 --rules my-rules
    """
    from auditor.cli.files import documents, error_text, find
    from auditor.definitions.newform import draft_form
    from auditor.readers import read
    from auditor.readers.limits import DEFAULT, within_budget

    language = language_of(lang, os.environ)
    form, _, edition = form_id.partition("/")
    if not all(_PART.fullmatch(part) for part in (form, edition)):
        raise click.UsageError(phrase("cli-form-id", language, id=form_id))
    (path, *_) = find([str(file)], language)
    given = [*islice(documents(path, language, DEFAULT), 2)]
    if file.is_dir() or len(given) > 1:  # an archive holds several too
        first = given[0].name
        raise click.UsageError(phrase("cli-form-of-one", language, path=file, first=first))
    (found,) = given
    try:
        if isinstance(found, Failure):
            raise click.UsageError(f"{found.name}: {found.message}")
        with within_budget(DEFAULT, found.name):
            text = draft_form(read(found, DEFAULT), form_id)
    except InputError as error:
        raise click.UsageError(f"{file}: {error_text(error, language)}") from None
    load_form(text, "form.yaml")  # what is offered can be loaded
    if into is None:
        click.echo(text, nl=False)
        return
    target = into.joinpath(form, edition, "form.yaml")
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        with target.open("x", encoding="utf-8") as stream:
            stream.write(text)
    except OSError as error:
        why = {"file": str(target), "why": error.strerror or str(error)}
        raise click.UsageError(phrase("cli-unwritten", language, **why)) from None
    said = {"file": str(target), "form": form_id, "folder": str(into)}
    click.echo(phrase("cli-drafted-form", language, **said), err=True)


_PART = re.compile(r"[\w-]+")
"""Of a form's id: a folder's name."""


def _draft(form: Form, asked: dict[str, Any], language: str) -> Draft:
    """What was asked for, with operands for those that were left out."""
    kind, key, each, only = (asked[name] for name in ("kind", "table_key", "each", "only"))
    tables = [table.key for table in form.tables]
    if key not in tables:
        raise unknown_name("cli-unknown-table", key, tables, language)
    if only and not each:
        raise click.UsageError(phrase("cli-only-with-each", language))
    more = {
        name: list(value) if isinstance(value, tuple) else value
        for name in _MORE
        if (value := asked[name])
    }
    draft = Draft(
        *(form, kind, form.table(key), each, asked["left"], asked["right"], asked["cells"], only),
        *(more, asked["agency"]),
    )
    return draft.filled()


def _target(path: Path, form_id: str, language: str) -> _Target:
    """Where the file stands: in the folder of the form or its edition, else in one of one's own."""
    if path.resolve().parent.name != "checks":
        return _Target(path.parent, (path.name,))
    for home in (form_id, form_id.partition("/")[0]):
        parts = (*home.split("/"), "checks", path.name)
        if path.resolve().parts[-len(parts) :] == parts:
            folder = path.resolve().parents[len(parts) - 1]
            return _Target(folder if path.is_absolute() else Path(os.path.relpath(folder)), parts)
    raise click.UsageError(phrase("cli-other-form", language, file=path, form=form_id))


def _folders(folders: tuple[Path, ...], own: Path) -> tuple[Path, ...]:
    """The folders to load beside the package's own, that of the target among them, each once."""
    if not own.is_dir() or shown_as(own) == "rules":
        return folders
    return (*(folder for folder in folders if folder.resolve() != own.resolve()), own)


def _try_out(library: Library, changed: Definition, rule_id: str, language: str) -> None:
    """Raises `click.UsageError` where a form that the rule is for does not bear it out."""
    try:
        results = test_rules(amended(library, changed))
    except DefinitionError as error:
        # Its place may be a line that there is not, so it is left out.
        why = f"{error.message} ({error.hint})" if error.hint else error.message
        raise click.UsageError(phrase("cli-untaken", language, why=why)) from None
    for result in results:
        if result.rule_id == rule_id and not result.ok:
            case = {"about": result.about, "wanted": result.expected, "got": result.found}
            raise click.UsageError(phrase("cli-untrue", language, form=result.form_id, **case))


def statement_of(draft: Draft, language: str) -> str:
    """What the rule says, by the labels of the form."""
    plus, comma = (phrase(code, language) for code in ("draft-plus", "list-comma"))
    code = next((key for key in ("bare", "negative") if draft.more.get(key)), draft.kind)
    said = phrase(
        f"draft-{code}",
        language,
        scope=phrase(f"draft-each-{draft.each}", language) if draft.each else "",
        left=plus.join(draft.named(draft.left, language)),
        right=(comma if code == "total" else plus).join(draft.named(draft.right, language)),
        cells=comma.join(draft.named(draft.cells, language)),
        decimals=draft.more.get("decimals", 0),
        never=comma.join(draft.more.get("never", ())),
    )
    return said[0].upper() + said[1:]


_shared = combined(LANG_UNCONFIGURED, RULES)


@click.group()
def rules() -> None:
    """Show, test and write rules."""


for _command in (new_rule, new_form, strength, try_text):
    rules.add_command(_command)


@rules.command("list")
@_shared
def list_rules(lang: str | None, folders: tuple[Path, ...]) -> None:
    """Every rule of every form: id, severity and statement."""
    language = language_of(lang, os.environ)
    library = load_library(*folders)
    for form in library.forms:
        click.echo(f"{form.id}  {form.name.get(language, '')}")
        for rule in library.rules[form.id]:
            severity = phrase(f"severity-{rule.severity.value}", language)
            click.echo(f"  {rule.id}  [{severity}]  {rule.statement.get(language, '')}")


@rules.command()
@click.argument("rule_id", metavar="ID", shell_complete=rule_ids)
@_shared
def explain(rule_id: str, lang: str | None, folders: tuple[Path, ...]) -> None:
    """All about one rule: statement, basis, severity, where defined, its checks and its tests."""
    language = language_of(lang, os.environ)
    library = load_library(*folders)
    found_on = [
        (form, rule)
        for form in library.forms
        for rule in library.rules[form.id]
        if rule.id == rule_id
    ]
    if not found_on:
        known = sorted({rule.id for rules_ in library.rules.values() for rule in rules_})
        raise unknown_name("cli-unknown-rule", rule_id, known, language)
    _, latest = found_on[-1]
    click.echo(latest.id)
    for each in dict.fromkeys((language, *LANGUAGES)):
        click.echo(f"  {latest.statement.get(each, '')}")
    severity = phrase(f"severity-{latest.severity.value}", language)
    click.echo(phrase("explain-severity", language, text=severity))
    click.echo(phrase("explain-basis", language, text=Translator(language).basis(latest)))
    if latest.advice:
        advice = latest.advice.get(language, "")
        click.echo(phrase("advice-is", language, advice=advice))
    for form, rule in found_on:
        click.echo("")
        click.echo(phrase("explain-form", language, text=form.id))
        click.echo(phrase("explain-place", language, text=rule.place))
        _explain_checks(library, form, rule, language)
    _explain_cases(library, rule_id, language)


def _explain_checks(library: Library, form: Form, rule: Rule, language: str) -> None:
    checks = [check for check in library.checks(form.id) if check.rule is rule]
    click.echo(phrase("explain-checks", language, count=len(checks)))
    for check in checks:
        click.echo(f"  {check.id}: {_formula(check)}")


def _formula(check: Check) -> str:
    """What a check reads, as addresses in a sum or a list."""
    match check.predicate:
        case Linear() as linear:
            return f"{_weighted(linear.terms)} {linear.relation.value} {linear.constant:f}"
        case Ratio(printed=printed, part=part, whole=whole, scale=scale):
            times = "" if scale == 1 else f" × {scale:f}"
            return f"{_cell(printed.ref)} = ({_weighted(part)}) / ({_weighted(whole)}){times}"
        case Filled(refs=refs):
            return ", ".join(_cell(ref) for ref in refs)
        case Written(ref=ref):
            return _cell(ref)
        case ProsePredicate(aspect=aspect):
            return aspect


def _weighted(terms: Iterable[Term]) -> str:
    said = ""
    for term in terms:
        sign = "-" if term.coefficient < 0 else "+" if said else ""
        sign = f" {sign} " if said else sign
        size = abs(term.coefficient)
        said += sign + (f"{size}×" if size != 1 else "") + _cell(term.ref)
    return said


def _cell(ref: Ref) -> str:
    where = {LAST_YEAR: "@-1", CHILDREN: "@children"}.get(ref.lag, "")
    return f"{ref.address}{where}"


def _explain_cases(library: Library, rule_id: str, language: str) -> None:
    results = [result for result in test_rules(library) if result.rule_id == rule_id]
    click.echo("")
    click.echo(phrase("explain-cases", language, count=len(results)))
    seen: dict[tuple[str, str], list[bool]] = {}
    for result in results:
        first = (result.form_id, result.place) not in seen
        seen.setdefault((result.form_id, result.place), []).append(result.ok)
        if first or not result.ok:
            mark = "ok  " if result.ok else "FAIL"
            click.echo(f"  {mark} {result.place}  {result.about} → {result.expected}")
    varied = sum(len(own) - 1 for own in seen.values())
    click.echo("  " + phrase("explain-varied", language, count=varied))


SORTS = ("checks", "form", "wordings", "agencies", "screening")
"""Of files of definitions, each with a schema."""


@rules.command("schema")
@click.argument("sort", type=click.Choice(SORTS), default="checks")
@click.option(
    "--form",
    "form_id",
    metavar="FORM",
    shell_complete=form_ids,
    help="Allow this form's own names only.",
)
@_shared
def print_schema(
    sort: str, form_id: str | None, lang: str | None, folders: tuple[Path, ...]
) -> None:
    """The JSON Schema of rule files, form.yaml, prose.yaml (wordings), agencies.yaml or
    screening.yaml, for editors."""
    import json

    from auditor.definitions.schema import SCHEMAS

    language = language_of(lang, os.environ)
    if form_id and sort != "checks":
        raise click.UsageError(phrase("cli-form-for-checks", language))
    form = form_named(load_library(*folders), form_id, language) if form_id else None
    click.echo(json.dumps(SCHEMAS[sort](form), indent=2, ensure_ascii=False))


@rules.command("test")
@_shared
@click.pass_context
def run_tests(ctx: click.Context, lang: str | None, folders: tuple[Path, ...]) -> None:
    """Run the tests that the rules carry; exit 2 when a rule does not do what they say."""
    language = language_of(lang, os.environ)
    results = test_rules(load_library(*folders))
    wrong = [result for result in results if not result.ok]
    for result in wrong:
        click.echo(
            f"{result.place}: {result.rule_id} ({result.form_id}): {result.about}: "
            f"{phrase('explain-expected', language, wanted=result.expected, got=result.found)}"
        )
    passed = len(results) - len(wrong)
    click.echo(
        phrase("cli-cases", language, total=len(results), passed=passed, failed=len(wrong)),
        err=True,
    )
    ctx.exit(2 if wrong else 0)
