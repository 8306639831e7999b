"""`audit rules`: what is checked, why, and whether the rules do what their own tests say."""

from __future__ import annotations

import os
from pathlib import Path

import click

from auditor.cli.complete import form_ids, rule_ids
from auditor.cli.names import form_named
from auditor.cli.new import new_rule
from auditor.cli.options import LANG_UNCONFIGURED, RULES, taking
from auditor.cli.selection import unknown_rule
from auditor.cli.sentence import try_text
from auditor.cli.settings import language_of
from auditor.cli.strength import strength
from auditor.library import Library, load_library, test_rules
from auditor.messages import LANGUAGES, phrase
from auditor.model.check import Check, Filled, Linear, ProsePredicate, Rule, Written
from auditor.model.form import Form
from auditor.model.report import Ref

_shared = taking(LANG_UNCONFIGURED, RULES)


@click.group()
def rules() -> None:
    """Show, test and write rules."""


rules.add_command(new_rule)


rules.add_command(strength)


rules.add_command(try_text)


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
    homes = [
        (form, rule)
        for form in library.forms
        for rule in library.rules[form.id]
        if rule.id == rule_id
    ]
    if not homes:
        known = sorted({rule.id for rules_ in library.rules.values() for rule in rules_})
        raise unknown_rule(rule_id, known, language)
    _, latest = homes[-1]
    click.echo(latest.id)
    for each in dict.fromkeys((language, *LANGUAGES)):
        click.echo(f"  {latest.statement.get(each, '')}")
    severity = phrase(f"severity-{latest.severity.value}", language)
    click.echo(phrase("explain-severity", language, text=severity))
    click.echo(phrase("explain-basis", language, text=latest.basis))
    if latest.advice:
        advice = latest.advice.get(language, "")
        click.echo(phrase("advice-is", language, advice=advice))
    for form, rule in homes:
        click.echo("")
        click.echo(phrase("explain-form", language, text=form.id))
        click.echo(phrase("explain-place", language, text=rule.place))
        _explain_checks(library, form, rule, language)
    _explain_cases(library, rule_id, language)


def _explain_checks(library: Library, form: Form, rule: Rule, language: str) -> None:
    checks = [check for check in library.checks(form.id) if check.rule is rule]
    click.echo(phrase("explain-checks", language, count=len(checks)))
    for check in checks:
        click.echo(f"  {check.id}: {_in_cells(check)}")


def _in_cells(check: Check) -> str:
    """What a check reads, as addresses in a sum or a list."""
    match check.predicate:
        case Linear() as linear:
            said = ""
            for term in linear.terms:
                sign = "-" if term.coefficient < 0 else "+" if said else ""
                size = abs(term.coefficient)
                times = f"{size}×" if size != 1 else ""
                said += f"{' ' if said else ''}{sign}{' ' if said else ''}{times}{_cell(term.ref)}"
            return f"{said} {linear.relation.value} {linear.constant:f}"
        case Filled(refs=refs):
            return ", ".join(_cell(ref) for ref in refs)
        case Written(ref=ref):
            return _cell(ref)
        case ProsePredicate(aspect=aspect):
            return aspect


def _cell(ref: Ref) -> str:
    return f"{ref.address}@-{ref.lag}" if ref.lag else str(ref.address)


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


@rules.command("schema")
@click.argument("sort", type=click.Choice(["checks", "form", "wordings"]), default="checks")
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
    """The JSON Schema of rule files, of form.yaml or of prose.yaml (wordings), for editors."""
    import json

    from auditor.schema import SCHEMAS

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
