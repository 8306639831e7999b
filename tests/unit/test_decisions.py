"""What was decided about findings: baselines, waivers and answers, as values, as files, as runs."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from functools import partial
from pathlib import Path
from random import Random

import pytest
import yaml
from click.testing import Result
from msgspec.structs import replace

from auditor.cli.decisions import replace_text
from auditor.decisions import apply_decisions, canonical, text_of, values_of
from auditor.decisions.files import (
    compare,
    describe,
    read_baseline,
    read_waivers,
    with_item,
    write_baseline,
)
from auditor.errors import DefinitionError
from auditor.findings import verdict_of
from auditor.model.check import Rule, Rulebook, Severity
from auditor.model.finding import Accepted, Audit, Decisions, DispositionKind, Verdict
from auditor.model.report import Blank, Identity, Illegible, Missing, Number, folded
from auditor.model.source import Document
from auditor.pipeline import audit as audit_document
from auditor.pipeline import audit_report
from tests.kit import BLANK_FOR_ZERO, LAYOUTS
from tests.kit.command import run as run_audit
from tests.kit.office import word_document, workbook
from tests.kit.ruled import WEB_PAGES, web_page
from tests.laws.test_same_findings import _YEAR, _report
from tests.pdfs import Style as Drawn
from tests.pdfs import pdf
from tests.support import form, library
from tests.unit.test_cli import WRONG, report
from tests.unit.test_conclude import audited, report_with

TODAY = date(2026, 7, 1)
WARNED = {"disclosure/regulations/issued": 1, "disclosure/regulations/in_force": 1}
CELL = "applications/granted/natural_person"


run = partial(run_audit, AUDIT_TODAY="2026-07-01")


def judged(result: Result) -> dict[str, object]:
    """The one report of a run in JSON."""
    (found,) = json.loads(result.stdout)["reports"]
    assert isinstance(found, dict)
    return found


def codes(result: Result) -> list[str]:
    notices = judged(result)["notices"]
    assert isinstance(notices, list)
    return [notice["code"] for notice in notices]


def put(folder: Path, name: str, changes: Mapping[str, int], agency: str = "青溪市水务局") -> None:
    text = report(changes).replace("青溪市水务局", agency)
    (folder / name).write_text(text, encoding="utf-8")


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The working directory: a good report, a wrong one, one with a warning."""
    monkeypatch.chdir(tmp_path)
    put(tmp_path, "good.txt", {})
    put(tmp_path, "wrong.txt", WRONG)
    put(tmp_path, "warned.txt", WARNED, "石渡镇人民政府")
    return tmp_path


def wrong(count: int = 9) -> Audit:
    return audited(report_with({CELL: count}))


# Fingerprints and values


def test_a_fingerprint_is_the_same_however_the_agencys_name_is_spaced_and_how_wide() -> None:
    audit = wrong()
    for name in ("青溪市（水务）局", "青溪市(水务)局", " 青溪市　（水务） 局\u200b"):
        identity = replace(audit.report.identity, agency=name)
        again = audited(replace(audit.report, identity=identity))
        first = replace(audit.report.identity, agency="青溪市(水务)局")
        other = audited(replace(audit.report, identity=first))
        assert [each.fingerprint for each in again.findings] == [
            each.fingerprint for each in other.findings
        ]
    assert Identity("ＡＢ 局").issuer == "AB局" == folded("A B局")


def test_a_fingerprint_outlives_the_wording_of_rules() -> None:
    audit = wrong()
    words = {"zh": "别的说法", "en": "said otherwise"}

    def reworded(rule: Rule) -> Rule:
        return replace(rule, statement=words, basis="elsewhere", advice=words)

    own = library()
    books = {
        key: Rulebook(
            book.rules,
            tuple(replace(each, rule=reworded(each.rule)) for each in book.checks),
        )
        for key, book in own.rulebooks.items()
    }
    again = audit_report(audit.form, audit.report, replace(own, rulebooks=books))
    known = compare((), [audit]).updated(accept_new=True)
    assert again.findings[0].outcomes[0].check.rule.statement == words
    changes = compare(known, [again])
    assert (changes.new, changes.gone, changes.changed) == ((), (), ())


@pytest.mark.parametrize(
    ("seed", "step"),
    [(2, 8), *(pytest.param(seed, 1, marks=pytest.mark.thorough) for seed in (2, 3))],
)
def test_a_baseline_from_text_holds_for_the_same_report_in_every_format(
    seed: int, step: int
) -> None:
    """Of layouts and pages every eighth first: all have the same findings by a law of their own."""
    figures, agency, _, state = _report(seed)
    rng = Random()

    def again() -> Random:
        rng.setstate(state)  # type: ignore[arg-type]
        return rng

    made: dict[str, bytes] = {
        name: layout(form(), figures, agency, _YEAR, again()).encode()
        for name, layout in LAYOUTS.items()
        if name not in BLANK_FOR_ZERO
        # The author is not blamed for a row of which a figure stands apart.
        and name not in ("aligned by spaces", "last figure on the next line")
    }
    for style in WEB_PAGES:
        if "blanks" not in style:
            made[style] = web_page(style, form(), figures, agency, _YEAR, again())
    made = dict([*made.items()][::step])
    made["DOCX"] = word_document(form(), figures, agency, _YEAR, again())
    made["XLSX"] = workbook(form(), figures, agency, _YEAR, again())
    made["PDF"] = pdf(form(), figures, agency, _YEAR, again(), Drawn())
    (first, content), *others = made.items()
    known = compare((), [audit_document(Document(first, content), library())]).updated(True)
    assert known
    for name, content in others:
        audit = audit_document(Document(name, content), library())
        assert {each.fingerprint for each in audit.findings} == {each.fingerprint for each in known}
        changes = compare(known, [audit])
        assert (changes.new, changes.gone, changes.changed) == ((), (), ()), name
        settled = apply_decisions(audit, Decisions(known=known), TODAY)
        assert all(finding.disposition for finding in settled.findings), name
        assert settled.notices == audit.notices, name


def test_values_are_the_same_however_they_are_printed() -> None:
    assert text_of(Number(Decimal("5.00"))) == text_of(Number(Decimal(5))) == canonical("５.0 ")
    assert text_of(Number(Decimal("1E+3"))) == "1000" == canonical("1000")
    assert text_of(Number(Decimal("-0.0"))) == "0"
    assert [text_of(each) for each in (Blank(), Missing(), Illegible(("5", "6")))] == [
        "blank",
        "missing",
        "illegible: 5 / 6",
    ]
    assert canonical("NaN") == "NaN"


# Baselines


def test_more_failures_under_a_known_fingerprint_are_new_and_that_is_said() -> None:
    audit = wrong()
    (entry,) = compare((), [audit]).updated(accept_new=True)
    assert len(entry.checks) > 1
    fewer = replace(entry, checks=entry.checks[:1])
    settled = apply_decisions(audit, Decisions(known=(fewer,)), TODAY)
    assert settled.findings[0].disposition is None
    assert [notice.code for notice in settled.notices] == ["known-grown"]
    milder = replace(entry, severity=Severity.WARNING)
    assert apply_decisions(audit, Decisions(known=(milder,)), TODAY).findings[0].disposition is None
    assert compare((milder,), [audit]).new == (entry,)


def test_a_known_finding_with_other_values_is_known_and_the_change_is_told() -> None:
    known = compare((), [wrong(9)]).updated(accept_new=True)
    audit = wrong(8)
    settled = apply_decisions(audit, Decisions(known=known), TODAY)
    assert settled.dispositions == {"known": 1, "waived": 0, "answered": 0}
    (notice,) = settled.notices
    assert notice.code == "known-changed"
    assert f"{CELL} 9 → 8" in dict(notice.details)["changes"]
    changes = compare(known, [audit])
    assert (changes.new, changes.gone) == ((), ())
    assert changes.updated(accept_new=False) == known
    assert changes.updated(accept_new=True)[0].values[CELL] == "8"


def test_what_a_report_read_in_part_does_not_show_is_not_gone() -> None:
    audit, good = wrong(), audited(report_with())
    known = compare((), [audit]).updated(accept_new=True)
    assert compare(known, [good]).gone == known
    unread = replace(good, coverage=tuple(replace(each, missing=1) for each in good.coverage))
    assert compare(known, [unread]).gone == ()
    assert compare(known, [unread]).updated(accept_new=True) == known
    untold = audited(audit.report, selected_rules=frozenset())
    assert compare(known, [untold]).gone == ()
    assert compare(known, []).stays == known


def test_failures_on_record_are_known_whatever_story_they_are_told_in() -> None:
    audit = wrong()
    (entry,) = compare((), [audit]).updated(accept_new=True)
    one, *more = entry.checks
    apart = (
        replace(entry, fingerprint="a" * 16, checks=(one,)),
        replace(entry, fingerprint="b" * 16, checks=tuple(more)),
    )
    settled = apply_decisions(audit, Decisions(known=apart), TODAY)
    assert settled.findings[0].disposition is not None
    assert settled.notices == ()
    assert compare(apart, [audit]).stays == apart
    assert compare(apart, [audit]).new == ()
    assert apply_decisions(audit, Decisions(known=apart[:1]), TODAY).findings[0].disposition is None
    assert compare(apart[:1], [audit]).new == (entry,)


def test_a_check_that_holds_again_leaves_the_record() -> None:
    audit = wrong()
    (entry,) = compare((), [audit]).updated(accept_new=True)
    wider = replace(entry, checks=(*entry.checks, "disputes-row-total[review]"))
    changes = compare((wider,), [audit])
    assert changes.stays == (entry,)
    assert (changes.new, changes.gone) == ((), ())


def test_a_known_finding_of_a_nameless_report_does_not_cover_another_file() -> None:
    audit = wrong()
    nameless = audited(replace(audit.report, identity=Identity(None, 2023)))
    known = compare((), [nameless]).updated(accept_new=True)
    other = replace(nameless.report, source=replace(nameless.report.source, name="b/other.txt"))
    assert apply_decisions(nameless, Decisions(known=known), TODAY).findings[0].disposition
    assert (
        apply_decisions(audited(other), Decisions(known=known), TODAY).findings[0].disposition
        is None
    )
    both = compare((), [nameless, audited(other)]).updated(accept_new=True)
    assert len(both) == 2


def test_a_baseline_is_written_sorted_and_read_back_as_it_was() -> None:
    audit = wrong()
    entry = describe(audit.findings[0], audit.report)
    known = tuple(replace(entry, agency=name, address=None) for name in ("b\u2028", "a\x85", "c"))
    text = write_baseline(known)
    assert read_baseline(text, "known.json") == tuple(
        sorted(known, key=lambda each: each.agency or "")
    )
    assert write_baseline(reversed(known)) == text
    assert text.endswith("}\n")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("{", "known.json:1: not valid JSON"),
        ('{"schema_version": 1,\n"findings"!', "known.json:2: not valid JSON"),
        ("[]", "known.json: Expected `object`, got `array`"),
        ('{"schema_version": 2, "findings": []}', "schema_version: only version 1"),
        ('{"schema_version": 1}', "missing required field `findings`"),
        ('{"schema_version": 1, "findings": [], "x": 1}', "unknown field `x`"),
        (
            '{"schema_version": 1, "findings": [{"rule": "x"}]}',
            "findings[0]: Object missing required field `source`",
        ),
    ],
)
def test_a_broken_baseline_is_an_error_with_its_place(text: str, said: str) -> None:
    with pytest.raises(DefinitionError) as raised:
        read_baseline(text, "known.json")
    assert said in str(raised.value)


def test_new_findings_enter_a_baseline_only_when_accepted(folder: Path) -> None:
    listed = run("baseline", "update", "known.json", ".")
    assert listed.exit_code == 1
    assert "2 new:" in listed.stdout
    assert "--accept-new" in listed.stderr
    assert not (folder / "known.json").exists()
    assert run("baseline", "update", "--accept-new", "known.json", "wrong.txt").exit_code == 0
    before = (folder / "known.json").read_text(encoding="utf-8")
    assert run("check", "--baseline", "known.json", "wrong.txt").exit_code == 0
    assert run("baseline", "update", "known.json", ".").exit_code == 1
    assert (folder / "known.json").read_text(encoding="utf-8") == before
    assert run("check", "--fail-on", "warning", "--baseline", "known.json", ".").exit_code == 1


def test_the_baseline_that_the_settings_name_can_be_made(folder: Path) -> None:
    (folder / "audit.toml").write_text("baseline = 'known.json'", encoding="utf-8")
    assert run("baseline", "update", "--accept-new", "known.json", "wrong.txt").exit_code == 0
    assert run("check", "wrong.txt").exit_code == 0


def test_a_known_finding_is_counted_and_shown(folder: Path) -> None:
    run("baseline", "update", "--accept-new", "known.json", "wrong.txt")
    result = run("check", "--baseline", "known.json", "--format", "json", "wrong.txt")
    found = judged(result)
    assert found["verdict"] == "settled"
    assert found["dispositions"] == {"known": 1, "waived": 0, "answered": 0}
    assert isinstance(found["findings"], list)
    assert found["findings"][0]["disposition"] == {"kind": "known"}
    said = run("check", "--baseline", "known.json", "wrong.txt").stdout
    assert "[ERROR · known]" in said
    assert "nothing new" in said
    assert "1 known, 0 waived, 0 answered" in said


def test_what_is_gone_is_shown_and_taken_out(folder: Path) -> None:
    run("baseline", "update", "--accept-new", "known.json", ".")
    put(folder, "wrong.txt", {})
    result = run("baseline", "update", "known.json", ".")
    assert result.exit_code == 0
    assert "1 gone, taken out:" in result.stdout
    assert "1 stay" in result.stdout
    assert len(read_baseline((folder / "known.json").read_text("utf-8"), "known.json")) == 1


def test_a_report_that_cannot_be_read_leaves_the_baseline_and_exits_3(folder: Path) -> None:
    run("baseline", "update", "--accept-new", "known.json", "wrong.txt")
    before = (folder / "known.json").read_bytes()
    (folder / "wrong.txt").write_text("A letter.\n", encoding="utf-8")
    result = run("baseline", "update", "known.json", "wrong.txt")
    assert result.exit_code == 3
    assert "wrong.txt" in result.stderr
    assert (folder / "known.json").read_bytes() == before


def test_a_baseline_can_be_shown(folder: Path) -> None:
    run("baseline", "update", "--accept-new", "known.json", "wrong.txt")
    said = run("baseline", "show", "known.json").stdout
    assert "known.json: 1 known findings" in said
    assert f"{CELL} 3" in said
    text = (folder / "known.json").read_text(encoding="utf-8")
    assert run("baseline", "show", "--format", "json", "known.json").stdout == text
    assert run("baseline", "show", "nowhere.json").exit_code == 2


def test_a_changed_severity_is_not_what_a_baseline_goes_by(folder: Path) -> None:
    (folder / "audit.toml").write_text("baseline = 'known.json'\n")
    (folder / "known.json").write_text('{"schema_version": 1, "findings": []}')
    assert run("baseline", "update", "--accept-new", "known.json", "warned.txt").exit_code == 0
    (folder / "audit.toml").write_text("baseline = 'known.json'\n[severities]\n'*' = 'error'\n")
    result = run("check", "--format", "json", "warned.txt")
    assert result.exit_code == 0
    assert judged(result)["dispositions"] == {"known": 1, "waived": 0, "answered": 0}


# Waivers and answers


def waive(*more: str, today: str = "2026-07-01", expires: str = "2026-12-31") -> Result:
    given = ("--reason", "counted twice", "--by", "Wang", "--expires", expires)
    arguments = ("waivers", "new", *given, "--waivers", "w.yaml", "wrong.txt")
    return run(*arguments, *(more or (RULE, "*")), AUDIT_TODAY=today)


RULE = "applications-column-total"


def check(*more: str, today: str = "2026-07-01") -> Result:
    command = ("check", "--waivers", "w.yaml", "--format", "json")
    return run(*command, *(more or ("wrong.txt",)), AUDIT_TODAY=today)


def test_a_waiver_is_written_with_the_present_values_and_then_holds(folder: Path) -> None:
    assert check_rule() == RULE
    assert waive().exit_code == 0
    (item,) = yaml.safe_load((folder / "w.yaml").read_text(encoding="utf-8"))["waivers"]
    assert item["values"][CELL] == "3"
    assert item["report"] == {"agency": "青溪市水务局", "year": 2023}
    result = check()
    assert result.exit_code == 0
    found = judged(result)
    assert isinstance(found["findings"], list)
    assert found["findings"][0]["disposition"] == {
        "kind": "waived",
        "reason": "counted twice",
        "by": "Wang",
        "expires": "2026-12-31",
        "place": "w.yaml:2",
    }
    said = run("check", "--waivers", "w.yaml", "wrong.txt").stdout
    assert "[ERROR · waived]" in said
    assert "waived: counted twice (Wang, until 2026-12-31; w.yaml:2)" in said


def check_rule() -> str:
    found = judged(run("check", "--format", "json", "wrong.txt"))["findings"]
    assert isinstance(found, list)
    return str(found[0]["rule"])


def test_a_waiver_holds_on_its_last_day_and_not_on_the_next(folder: Path) -> None:
    waive(expires="2026-07-01")
    assert check().exit_code == 0
    late = check(today="2026-07-02")
    assert late.exit_code == 1
    assert codes(late) == ["waived-expired"]


def test_a_waiver_lapses_and_says_so_when_a_value_changes(folder: Path) -> None:
    waive()
    put(folder, "wrong.txt", {CELL: 4})
    result = check()
    assert result.exit_code == 1
    assert codes(result) == ["waived-lapsed"]
    said = run("check", "--waivers", "w.yaml", "--lang", "zh", "wrong.txt").stdout
    assert "3 → 4" in said.replace("\n", "")


def test_a_waiver_without_a_finding_is_reported_as_unused(folder: Path) -> None:
    waive()
    put(folder, "wrong.txt", {})
    result = check()
    assert result.exit_code == 0
    assert codes(result) == ["waived-unused"]
    assert codes(check("warned.txt")) == [], "it is for another report"
    put(folder, "wrong.txt", WRONG)
    assert codes(check("--ignore", "applications-*", "wrong.txt")) == [], "nobody can tell"


def test_waivers_for_many_files_are_unused_only_when_none_needed_them(folder: Path) -> None:
    waive()
    text = (folder / "w.yaml").read_text(encoding="utf-8")
    whole = yaml.safe_load(text)
    whole["waivers"][0]["report"] = "*.txt"
    (folder / "w.yaml").write_text(yaml.safe_dump(whole, allow_unicode=True), encoding="utf-8")
    used = check("good.txt", "wrong.txt")
    assert used.exit_code == 0
    assert "served for no report" not in used.stderr
    unused = check("good.txt")
    assert "served for no report" in unused.stderr
    assert "expired on 2026-12-31" in check("good.txt", today="2027-01-01").stdout
    whole["waivers"][0]["report"] = "other.pdf"
    (folder / "w.yaml").write_text(yaml.safe_dump(whole, allow_unicode=True), encoding="utf-8")
    assert check("good.txt").stderr == ""
    assert "expired on 2026-12-31" in check("good.txt", today="2027-01-01").stderr


def test_a_warning_can_be_answered_and_then_does_not_reach_any_threshold(folder: Path) -> None:
    found = judged(run("check", "--format", "json", "warned.txt"))["findings"]
    assert isinstance(found, list)
    given = ("--answer", "new this year", "--by", "Li", "--waivers", "w.yaml")
    result = run("waivers", "answer", *given, "warned.txt", found[0]["rule"], "*")
    assert result.exit_code == 0, result.stderr
    answered = check("--fail-on", "warning", "warned.txt")
    assert answered.exit_code == 0
    (finding,) = list(judged(answered)["findings"])  # type: ignore[call-overload]
    assert finding["disposition"] == {
        "kind": "answered",
        "reason": "new this year",
        "by": "Li",
        "date": "2026-07-01",
        "place": "w.yaml:2",
    }
    said = run("check", "--waivers", "w.yaml", "warned.txt").stdout
    assert "answered: new this year (Li, 2026-07-01; w.yaml:2)" in said
    (folder / "audit.toml").write_text("[severities]\n'*' = 'error'\n")
    refused = check("warned.txt")
    assert refused.exit_code == 1
    assert codes(refused) == ["answered-error"]


def test_an_error_cannot_be_answered(folder: Path) -> None:
    given = ("--answer", "so it is", "--by", "Li", "--waivers", "w.yaml")
    result = run("waivers", "answer", *given, "wrong.txt", RULE, "*")
    assert result.exit_code == 2
    assert "only waived" in result.stderr
    assert not (folder / "w.yaml").exists()


def test_a_waiver_that_no_finding_fits_is_not_written(folder: Path) -> None:
    result = waive(RULE, "disputes/*")
    assert result.exit_code == 2
    assert f"there are: {RULE} {CELL}" in result.stderr
    assert not (folder / "w.yaml").exists()
    assert run("waivers", "new", "wrong.txt", RULE, "*", "--by", "x").exit_code == 2


def test_a_waiver_needs_a_file_which_the_configuration_may_name(folder: Path) -> None:
    given = ("--reason", "x", "--by", "Wang", "--expires", "2026-12-31", "wrong.txt", RULE, "*")
    assert run("waivers", "new", *given).exit_code == 2
    (folder / "audit.toml").write_text("waivers = 'accepted.yaml'\n")
    assert run("waivers", "new", *given).exit_code == 0
    assert (folder / "accepted.yaml").exists()
    assert run("check", "wrong.txt").exit_code == 0


ITEM = {
    "rule": "r",
    "address": "a/b/c",
    "report": "x.txt",
    "reason": 'because: "so" # it is',
    "by": "Wang",
    "expires": date(2027, 1, 1),
    "values": {"a/b/c": "1", "said/x": ""},
}


@pytest.mark.parametrize(
    "text",
    [
        "",
        "# ours\n",
        "waivers:\n",
        "waivers: []  # none\nanswers: []\n",
        "# first\nwaivers:\n- {rule: a, address: b, report: c, reason: d, by: e,"
        " expires: 2020-01-01, values: {}}\n\n# about answers\nanswers:\n",
        "answers: []\nwaivers:\n    # why\n    - rule: a\n      address: b\n      report: c\n"
        "      reason: |\n        many\n\n        lines\n      by: e\n      expires: 2020-01-01\n"
        "      values: {}\n    # the end\n",
        "waivers:\r\n  - {rule: a, address: b, report: c, reason: d, by: e,"
        " expires: 2020-01-01, values: {}}\r\n",
    ],
)
def test_an_item_is_put_at_the_end_and_every_other_line_is_kept(text: str) -> None:
    before = read_waivers(text, "w.yaml") if text.strip("# ours\n") else ()
    made = with_item(text, "w.yaml", DispositionKind.WAIVED, ITEM)
    after = read_waivers(made, "w.yaml")
    assert [each.rule for each in after] == [*(each.rule for each in before), "r"]
    assert after[-1].reason == ITEM["reason"]
    assert after[-1].values == ITEM["values"]
    for line in text.splitlines():
        kept = line.replace(" []", "") if line.startswith("waivers: []") else line
        assert kept.rstrip() in [each.rstrip() for each in made.splitlines()]
    assert ("\r\n" in made) is ("\r\n" in text)
    again = with_item(made, "w.yaml", DispositionKind.WAIVED, {**ITEM, "rule": "s"})
    assert read_waivers(again, "w.yaml")[-1].rule == "s"


def test_a_layout_that_cannot_take_an_item_is_refused_and_left() -> None:
    text = "waivers: [{rule: a, address: b, report: c, reason: d, by: e,"
    text += " expires: 2020-01-01, values: {}}]\n"
    with pytest.raises(DefinitionError, match="cannot be put in"):
        with_item(text, "w.yaml", DispositionKind.WAIVED, ITEM)


GOOD = "waivers:\n- rule: r\n  address: a\n  report: x\n  reason: y\n  by: z\n"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (GOOD + "  values: {}\n", "w.yaml:2: waivers[0]: the key 'expires' is missing"),
        (GOOD + "  expires: 2027-01-01\n", "w.yaml:2: waivers[0]: the key 'values' is missing"),
        (GOOD + "  expires: soon\n  values: {}\n", "w.yaml:7: waivers[0].expires: a day is needed"),
        (
            GOOD.replace("report: x", "report: {agency: x}") + "  expires: 2027-01-01\n"
            "  values: {}\n",
            "w.yaml:4: waivers[0].report: the key 'year' is missing",
        ),
        ("waiver:\n- rule: r\n", "w.yaml:2: waiver: unknown key (did you mean 'waivers'?)"),
        ("answers:\n- rule: r\n", "the key 'answer' is missing"),
        ("- rule: r\n", "w.yaml:1: a mapping of keys to values is needed here"),
    ],
)
def test_a_broken_item_is_an_error_with_file_and_line(text: str, said: str) -> None:
    with pytest.raises(DefinitionError) as raised:
        read_waivers(text, "w.yaml")
    assert said in str(raised.value)


def test_one_waiver_for_several_findings_needs_the_values_of_all_and_lapses_as_one() -> None:
    cells = {"disputes/review/total": 3, "disputes/direct_suit/total": 3}
    audit = audited(report_with(cells))
    rule = "disputes-row-total"
    both = [finding for finding in audit.findings if finding.rule_id == rule]
    assert len(both) == 2
    values = {key: text for each in both for key, text in values_of(each, audit.report).items()}
    given = {**ITEM, "rule": rule, "address": "disputes/*", "report": audit.report.source.name}
    text = with_item("", "w.yaml", DispositionKind.WAIVED, {**given, "values": values})
    decisions = Decisions(accepted=read_waivers(text, "w.yaml"))
    assert apply_decisions(audit, decisions, TODAY).dispositions["waived"] == 2
    changed = audited(report_with({**cells, "disputes/review/total": 4}))
    settled = apply_decisions(changed, decisions, TODAY)
    assert settled.dispositions["waived"] == 0
    assert {notice.code for notice in settled.notices} == {"waived-lapsed"}


def test_a_waiver_wins_over_the_baseline_because_it_says_why() -> None:
    audit = wrong()
    known = compare((), [audit]).updated(accept_new=True)
    item = with_item(
        "",
        "w.yaml",
        DispositionKind.WAIVED,
        {
            **ITEM,
            "rule": audit.findings[0].rule_id,
            "address": "*",
            "report": audit.report.source.name,
            "values": dict(values_of(audit.findings[0], audit.report)),
        },
    )
    accepted: tuple[Accepted, ...] = read_waivers(item, "w.yaml")
    settled = apply_decisions(audit, Decisions(known, accepted), TODAY)
    assert settled.dispositions == {"known": 0, "waived": 1, "answered": 0}
    assert verdict_of(settled, Severity.INFO) is Verdict.SETTLED


def test_a_file_is_replaced_whole_or_not_at_all(tmp_path: Path) -> None:
    path = tmp_path / "w.yaml"
    path.write_text("old", encoding="utf-8")
    path.chmod(0o640)
    replace_text(path, "new")
    assert path.read_text(encoding="utf-8") == "new"
    assert path.stat().st_mode & 0o777 == 0o640
    with pytest.raises(DefinitionError):
        replace_text(tmp_path / "nowhere" / "w.yaml", "new")
    assert [each.name for each in tmp_path.iterdir()] == ["w.yaml"]
