"""Whose applications a sentence counts: the agency's, by any of its names, or another body's."""

from __future__ import annotations

import pytest

from tests.prose.reading import prose_of

NAMES = {
    "桐湾市人力资源和社会保障局": ["市人社局", "市人力资源社会保障局", "我局", "市局", "局机关"],
    "国家税务总局桐湾县税务局": ["桐湾县税务局", "县税务局", "县局"],
    "桐湾县发展和改革局": ["县发改局", "桐湾县发展改革局"],
    "岚口区青岗街道办事处": ["街道", "青岗街道办", "本街道", "街道办事处"],
    "桐湾县白石镇人民政府": ["白石镇", "镇政府", "白石镇政府", "我镇"],
    "桐湾县岭前乡": ["乡政府", "岭前乡"],
    "桐湾市人民政府": ["市政府", "全市各级政府", "全市行政机关"],
    "桐湾市人民政府办公室": ["市政府办公室", "市政府办", "市政府"],
    "桐湾高新技术产业开发区管理委员会": ["管委会", "高新区管委会", "区管委会"],
    "桐湾市消防救援支队": ["支队", "我支队", "全市消防救援机构"],
    "桐湾海洋实验区": ["实验区管委会", "全区"],
    "桐湾市公共资源交易中心": ["本中心", "中心", "市公共资源交易中心"],
    "桐湾市市场监督管理局": ["市市场监管局", "全市市场监管部门"],
    "桐湾区人力资源局": ["桐湾区人力资源和社会保障局"],
}
OTHERS = {
    "桐湾市民政局": ["下属事业单位", "岚口区民政局", "市财政局", "县局"],
    "桐湾县人民政府": ["白石镇", "县法院", "县财政局", "县政府办公室"],
    "桐湾县白石镇人民政府": ["县自然资源局", "岭前乡", "各村"],
    "桐湾市人民政府": ["岚口区政府", "市直部门", "全市法院", "全市9个县区"],
}
SENTENCES = [
    "2023年，{}共收到政府信息公开申请12件。",
    "{}全年受理政府信息公开申请12件。",
    "2023年{}新收政府信息公开申请12件。",
]


def _received(sentence: str, agency: str) -> list[int]:
    said = prose_of(sentence, agency=agency).claims
    return [int(each.value) for each in said if each.mention == "received"]


@pytest.mark.parametrize("sentence", SENTENCES)
@pytest.mark.parametrize(("agency", "name"), [(k, name) for k, v in NAMES.items() for name in v])
def test_an_agency_is_known_by_its_short_names(agency: str, name: str, sentence: str) -> None:
    assert _received(sentence.format(name), agency) == [12]


@pytest.mark.parametrize("sentence", SENTENCES)
@pytest.mark.parametrize(("agency", "name"), [(k, name) for k, v in OTHERS.items() for name in v])
def test_what_another_body_received_is_no_claim(agency: str, name: str, sentence: str) -> None:
    assert _received(sentence.format(name), agency) == []
    denial = f"{name}未收到政府信息公开申请。"
    assert _received(denial, agency) == []


def test_without_an_agency_no_body_is_another() -> None:
    said = prose_of("白石镇收到政府信息公开申请12件。").claims
    assert [each.mention for each in said] == ["received"]
