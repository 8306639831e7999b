"""`audit rules new-form`: a form drafted from a document, and the page that shows how."""

from __future__ import annotations

import textwrap
from pathlib import Path
from zipfile import ZipFile

import pytest
from click.testing import CliRunner, Result
from markdown_it import MarkdownIt

from auditor.cli import main
from auditor.definitions.forms import load_form
from auditor.definitions.newform import draft_form
from auditor.errors import InputError
from auditor.model.form import Form
from auditor.model.source import Document
from auditor.readers import media_type_of, read
from tests.support import EXAMPLES, ROOT

_PAGE = ROOT / "docs" / "adding-a-form.md"


def _blocks(kind: str) -> list[str]:
    tokens = MarkdownIt().parse(_PAGE.read_text(encoding="utf-8"))
    return [token.content for token in tokens if token.type == "fence" and token.info == kind]


def _run(line: str) -> Result:
    command, *words = line.split()
    assert command == "audit"
    return CliRunner().invoke(main, [*words, "--lang", "en"])


def test_the_page_does_what_it_says(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its report, its rule and its commands, one after another, as somebody types them."""
    monkeypatch.chdir(tmp_path)
    (report,), (rule,) = _blocks("text"), _blocks("yaml")
    (tmp_path / "boats.txt").write_text(report, encoding="utf-8")
    lines = [line for block in _blocks("sh") for line in block.splitlines()]
    draft, trial, tests, check = lines
    assert _run(draft).exit_code == 0
    form = load_form((tmp_path / "my-rules/harbour-boats/2024/form.yaml").read_text("utf-8"), "f")
    assert [(each.each, each.left) for each in form.tables[0].sums] == [("column", ("all-boats",))]
    tried = _run(trial)
    assert tried.exit_code == 0
    assert " 0 unread" in tried.stderr
    assert " 0 wrong" in tried.stderr
    place = tmp_path / "my-rules/harbour-boats/2024/checks/boats.yaml"
    place.parent.mkdir()
    place.write_text(textwrap.dedent(rule), encoding="utf-8")
    assert _run(tests).exit_code == 0
    assert _run(check).exit_code == 0
    (tmp_path / "boats.txt").write_text(report.replace("| 125", "| 152"), encoding="utf-8")
    wrong = _run(check)
    assert wrong.exit_code == 1
    said = " ".join(wrong.stdout.split())
    assert "Sailing boats × At the end is 152, should be 125" in said


def _drafted(text: str, name: str = "report.txt") -> Form:
    data = text.encode()
    made = draft_form(read(Document(name, data, media_type_of(data))), "a-form/1")
    return load_form(made, "form.yaml")


def test_an_empty_table_has_labels_and_no_sums() -> None:
    form = _drafted("Boats\nKind | Old | New\nSail | | \nMotor | | \n")
    (table,) = form.tables
    assert [row.label for row in table.rows] == ["Sail", "Motor"]
    assert [column.label for column in table.columns] == ["Old", "New"]
    assert (table.headings, table.captions, table.sums) == (("Boats",), ("Kind",), ())


def test_merged_labels_are_groups_and_numbers_of_lines_are_skipped() -> None:
    form = _drafted(
        "<p>某某港务局2024年船舶统计表</p><table>"
        "<tr><td colspan=2>种类</td><td>行次</td><td>数量</td><td>其中新增</td></tr>"
        "<tr><td rowspan=2>客船</td><td>渡船</td><td>1</td><td>7</td><td>2</td></tr>"
        "<tr><td>游船</td><td>2</td><td>9</td><td>1</td></tr>"
        "<tr><td rowspan=2>货船</td><td>渡船</td><td>3</td><td>4</td><td>0</td></tr>"
        "<tr><td>驳船</td><td>4</td><td>6</td><td>6</td></tr>"
        "</table>",
        "report.html",
    )
    (table,) = form.tables
    assert table.headings == ("船舶统计表",)
    assert [(row.label, row.group) for row in table.rows] == [
        ("渡船", "客船"),
        ("游船", "客船"),
        ("渡船", "货船"),
        ("驳船", "货船"),
    ]
    assert table.skipped == ("行次",)


def test_two_halves_are_sides_and_totals_are_those_that_hold() -> None:
    form = _drafted(
        "2024 accounts\nIn | Sum | Out | Sum\nFees | 10.50 | Rent | 7.50\n"
        "Gifts | 2.00 | Paint | 5.00\nAll in | 12.50 | All out | 12.50\n"
    )
    (table,) = form.tables
    assert table.sides == ("side-1", "side-2")
    assert [(each.left, each.right) for each in table.sums] == [
        (("all-in",), ("fees", "gifts")),
        (("all-out",), ("rent", "paint")),
    ]


def test_a_rate_is_no_part_of_a_total() -> None:
    form = _drafted(
        "Cases\nKind | Old | New | Closed | Rate\nCivil | 2 | 5 | 6 | 85.7\n"
        "Penal | 1 | 2 | 2 | 66.7\nLabour | 4 | 4 | 4 | 50.0\nAll | 7 | 11 | 12 | 66.7\n"
    )
    (total,) = [each for each in form.tables[0].sums if each.each == "column"]
    assert total.left == ("all",)
    assert total.lines == ("old", "new", "closed")


def test_headings_of_parts_are_captions_and_one_wording_stands_once() -> None:
    form = _drafted(
        "2024 boats\nKind | Old | New\nSail | 2 | 5\nMotor | 1 | 2\n"
        "Ferries | Old | New\nSail | 4 | 4\nSteam | 7 | 11\n"
    )
    (table,) = form.tables
    assert [row.label for row in table.rows] == ["Sail", "Motor", "Steam"]
    assert table.captions == ("Kind", "Ferries")


def test_a_report_of_this_product_is_no_trouble() -> None:
    """Its second table has three parts with headings of their own, its last is one line."""
    text = (EXAMPLES / "clean.txt").read_text(encoding="utf-8")
    assert len(_drafted(text).tables) >= 2


def test_a_document_without_a_table_is_told_so() -> None:
    with pytest.raises(InputError, match="no table"):
        _drafted("Nothing but words stands here.\nAnd 3 figures.\n")


@pytest.mark.parametrize("name", ["../x/1", "a", "a/b/c", "a b/1"])
def test_an_id_that_is_no_folder_is_refused(name: str, tmp_path: Path) -> None:
    (tmp_path / "r.txt").write_text("A | B\nC | 1\nD | 2\n", encoding="utf-8")
    done = CliRunner().invoke(
        main, ["rules", "new-form", str(tmp_path / "r.txt"), "--id", name, "--lang", "en"]
    )
    assert done.exit_code == 2
    assert name in done.stderr
    assert list(tmp_path.iterdir()) == [tmp_path / "r.txt"]


def test_a_form_that_is_there_is_not_replaced(tmp_path: Path) -> None:
    (tmp_path / "r.txt").write_text("T\nA | B | C\nC | 1 | 2\nD | 2 | 3\n", encoding="utf-8")
    words = ["rules", "new-form", str(tmp_path / "r.txt"), "--id", "a/1", "--into", str(tmp_path)]
    first = CliRunner().invoke(main, [*words, "--lang", "en"])
    assert first.exit_code == 0, first.output
    (tmp_path / "a/1/form.yaml").write_text("mine", encoding="utf-8")
    assert CliRunner().invoke(main, [*words, "--lang", "en"]).exit_code == 2
    assert (tmp_path / "a/1/form.yaml").read_text(encoding="utf-8") == "mine"


@pytest.mark.parametrize("is_archive", [True, False])
def test_of_several_documents_none_is_taken_for_the_one(tmp_path: Path, is_archive: bool) -> None:
    folder = tmp_path / "blank"
    folder.mkdir()
    for name in ("a.txt", "b.txt"):
        (folder / name).write_text("Boats | At the start\nSailing | 1\n", encoding="utf-8")
    given = folder
    if is_archive:
        given = tmp_path / "blank.zip"
        with ZipFile(given, "w") as archive:
            for each in sorted(folder.iterdir()):
                archive.write(each, each.name)
    words = ["rules", "new-form", str(given), "--id", "a/1", "--into", str(tmp_path)]
    for language, said in (("en", "name one, such as blank"), ("zh", "请指明其中一份，如 blank")):
        result = CliRunner().invoke(main, [*words, "--lang", language])
        assert result.exit_code == 2
        assert said in result.stderr and "/a.txt" in result.stderr
    assert not (tmp_path / "a").exists()
