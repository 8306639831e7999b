"""What is no report, or no rule: a clear message, the right exit code, never a traceback."""

from __future__ import annotations

import json
import random
from pathlib import Path

import pytest

from tests.kit.command import run
from tests.support import EXAMPLES

CLEAN = (EXAMPLES / "clean.txt").read_text(encoding="utf-8")
NOVEL = "春水初涨，渡口的船一早便解了缆。老人说起十二年前的旧事，众人都不作声。\n" * 400
HEADINGS = """青溪市水务局2024年政府信息公开工作年度报告
一、总体情况
二、主动公开政府信息情况
三、收到和处理政府信息公开申请情况
四、政府信息公开行政复议、行政诉讼情况
五、存在的主要问题及改进情况
六、其他需要报告的事项
"""

NO_REPORT = {
    "empty": b"",
    "blank lines": b"\n \n\t\n",
    "noise": random.Random(7).randbytes(4096),
    "an image": b"\x89PNG\r\n\x1a\n" + bytes(200),
    "an archive": b"PK\x03\x04" + bytes(200),
    "a novel": NOVEL.encode(),
    "headings only": HEADINGS.encode(),
    "cut after table two": CLEAN[: CLEAN.index("三、收到和处理")].encode(),
    "cut inside table three": CLEAN[: CLEAN.index("（五）不予处理")].encode(),
    "half a character": CLEAN.encode()[: len(CLEAN.encode()) // 2],
}


@pytest.mark.parametrize("what", sorted(NO_REPORT))
def test_what_is_no_whole_report_is_never_called_clean(what: str, tmp_path: Path) -> None:
    path = tmp_path / "report.txt"
    path.write_bytes(NO_REPORT[what])
    result = run("check", "--lang", "en", path)
    assert result.exit_code == 3
    assert "report.txt" in result.output


@pytest.mark.parametrize("what", sorted(NO_REPORT))
def test_json_says_what_could_not_be_audited(what: str, tmp_path: Path) -> None:
    path = tmp_path / "report.txt"
    path.write_bytes(NO_REPORT[what])
    result = run("check", "--format", "json", path)
    said = json.loads(result.stdout)
    assert said["schema_version"] == 1
    assert len(said["failures"]) + len(said["reports"]) == 1
    for failure in said["failures"]:
        assert failure["code"]
        assert failure["message"]
    for report in said["reports"]:
        assert report["counts"]["undetermined"] > 0


@pytest.mark.slow
def test_fifty_megabytes_of_text_are_audited_or_refused(tmp_path: Path) -> None:
    path = tmp_path / "large.txt"
    path.write_text(NOVEL * (50_000_000 // len(NOVEL.encode())), encoding="utf-8")
    assert run("check", "--lang", "en", path).exit_code == 3


def test_a_path_that_does_not_exist_stops_neither_the_others_nor_the_exit_code(
    tmp_path: Path,
) -> None:
    result = run("check", "--lang", "en", tmp_path / "gone.txt", EXAMPLES / "clean.txt")
    assert result.exit_code in (2, 3)
    assert "gone.txt" in result.output


def test_a_good_report_beside_a_bad_one_is_still_audited(tmp_path: Path) -> None:
    bad = tmp_path / "bad.txt"
    bad.write_bytes(b"")
    result = run("check", "--format", "json", bad, EXAMPLES / "three-mistakes.txt")
    said = json.loads(result.stdout)
    assert result.exit_code == 1
    assert len(said["failures"]) == 1
    assert len(said["reports"][0]["findings"]) == 3


RULE = """- id: my-rule
  form: cn-goi-annual/2021
  statement: {zh: 测试, en: test}
  basis: a test
  severity: error
  table: applications
  each: column
  equal: [[new_receved], [total_handled]]
  tests:
    - {given: {new_receved: 3, total_handled: 3}, is: pass}
    - {given: {new_receved: 3, total_handled: 2}, is: fail, difference: 1}
    - {given: {new_receved: 3}, is: undetermined}
"""

BROKEN_RULES = {
    "a row that the form does not have": (RULE, "new_receved"),
    "a key that is not known": (RULE.replace("  basis:", "  bassis: a test\n  basis:"), "bassis"),
    "a severity that is not known": (RULE.replace("severity: error", "severity: bad"), "bad"),
    "no YAML": ("- id: [unclosed", "own.yaml"),
    "nothing": ("", "own.yaml"),
}


@pytest.mark.parametrize("what", sorted(BROKEN_RULES))
def test_a_broken_rule_is_its_authors_error_with_file_and_line(what: str, tmp_path: Path) -> None:
    text, named = BROKEN_RULES[what]
    (tmp_path / "own.yaml").write_text(text, encoding="utf-8")
    result = run("check", "--lang", "en", "--rules", tmp_path, EXAMPLES / "clean.txt")
    assert result.exit_code == 2
    assert "own.yaml:" in result.stderr
    assert named in result.stderr
