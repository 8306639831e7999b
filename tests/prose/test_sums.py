"""A figure that the sentence itself adds up to what the table has is in order, and no other is."""

from __future__ import annotations

import pytest

from auditor.definitions.wordings import Composer, load_wordings
from auditor.errors import DefinitionError
from auditor.model.finding import Status
from auditor.yamlsource import read_yaml
from tests.prose.reading import prose_of
from tests.prose.test_mentions import outcomes
from tests.support import ROOT, library

NEW = "applications/new_received/total"
OLD = "applications/carried_over/total"
DONE = "applications/total_handled/total"
NOT_HELD = "applications/unavailable_not_held/total"
NO_OTHERS = {f"applications/unavailable_{row}/total": 0 for row in ("needs_creation", "unclear")}
REPEALED = "disclosure/normative_documents/repealed"
PENALTIES = "disclosure/penalties/decisions"


def statuses(text: str, cells: dict[str, int]) -> list[Status]:
    """What the stated figures of a text come to beside some cells."""
    return [each.status for each in outcomes(text, cells)]


@pytest.mark.parametrize(
    ("text", "cells", "other"),
    [
        (
            "收到上级转来的政府信息公开申请4件，本级直接受理21件，合计25件。",
            {NEW: 25, OLD: 0, DONE: 25},
            {NEW: 31, OLD: 0, DONE: 31},
        ),
        (
            "因本机关不掌握相关政府信息无法提供2件，信息不存在的3件。政府信息公开申请",
            {NOT_HELD: 5, **NO_OTHERS},
            {NOT_HELD: 9, **NO_OTHERS},
        ),
        (
            "全年废止行政规范性文件3件，宣布失效4件。",
            {REPEALED: 7},
            {REPEALED: 2},
        ),
        ("作出行政处罚决定61件（不含简易程序5件）。", {PENALTIES: 66}, {PENALTIES: 70}),
    ],
)
def test_parts_of_a_sum_that_the_table_has_are_in_order(
    text: str, cells: dict[str, int], other: dict[str, int]
) -> None:
    assert Status.FAIL not in statuses(text, cells)
    assert Status.FAIL in statuses(text, other)


def test_the_total_of_all_applicants_is_not_that_of_one_kind() -> None:
    persons = "applications/new_received/natural_person"
    cells = {persons: 8, persons.replace("new_received", "carried_over"): 0}
    cells[persons.replace("new_received", "total_handled")] = 8
    text = "收到政府信息公开申请8件，自然人6件，商业企业2件。"
    cells |= {NEW: 8, OLD: 0, DONE: 8}
    assert Status.FAIL in statuses(text, cells)


def test_the_whole_county_is_a_county_governments_own_scope() -> None:
    text = "全县共收到政府信息公开申请203件。"
    [own] = prose_of(text, agency="桐湾县人民政府").claims
    [wider] = prose_of(text, agency="桐湾县教育局").claims
    assert (own.wide, wider.wide) == (False, True)


def test_a_list_ends_where_its_topic_does() -> None:
    text = "收到政府信息公开申请9件，其中网络申请5件、信函申请4件；被申请行政复议2件。"
    [breakdown] = prose_of(text).breakdowns
    assert [int(each.value) for each in breakdown.figures] == [5, 4]


def test_words_are_made_of_words() -> None:
    item = read_yaml("a: 1", "x.yaml")
    composed = Composer(item, {"next": ["次年", "明年"], "to": ["至"]})
    assert composed(["结转{to?}{next}"]) == ("结转次年", "结转明年", "结转至次年", "结转至明年")
    with pytest.raises(DefinitionError, match="no words are called 'last'"):
        composed(["结转{last}"])


def test_a_head_without_words_is_an_error() -> None:
    folder = ROOT / "rules" / "cn-goi-annual"
    form = next(form for form in library().forms if form.id == "cn-goi-annual/2021")
    text = (folder / "prose.yaml").read_text(encoding="utf-8")
    slip = text.replace("before: [answer]", "before: [anwser]", 1)
    with pytest.raises(DefinitionError, match="no words are called 'anwser'"):
        load_wordings(read_yaml(slip, "prose.yaml"), form)
