"""Folders, settings, streams and signals made to harm, and the page that tells of all attacks."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.hostile.commands import COMMANDS
from tests.hostile.table import PAGE, page_with


@pytest.mark.parametrize("what", COMMANDS)
def test_a_command_answers_what_is_made_to_harm(what: str, tmp_path: Path) -> None:
    attack = COMMANDS[what]
    answer = attack.tried(tmp_path)
    assert answer.code == attack.code, answer
    assert attack.says in answer.output + answer.said


def test_the_page_has_every_attack_with_its_answer() -> None:
    text = PAGE.read_text(encoding="utf-8")
    assert text == page_with(text), "run `python -m tests.hostile.table`"
