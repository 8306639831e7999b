"""`python -m tests.hostile.table`: writes every attack and its answer into docs/security.md."""

from __future__ import annotations

import re
from collections.abc import Iterator

from tests.hostile.commands import COMMANDS
from tests.hostile.documents import DOCUMENTS
from tests.hostile.requests import REQUESTS
from tests.support import ROOT

PAGE = ROOT / "docs" / "security.md"
_BEGIN, _END = "<!-- made by tests.hostile.table -->\n", "<!-- end -->\n"


def rows() -> Iterator[tuple[str, str, str, str]]:
    """The part that is attacked, with what, and the answers of the command and over HTTP; a test
    holds each."""
    for what, (_, codes) in DOCUMENTS.items():
        answers = [f"`{code}`" for code in sorted(codes - {"read"})]
        said = f"one failure {' or '.join(answers)}, exit 3" if answers else ""
        told = " or ".join(filter(None, [said, "read" if "read" in codes else ""]))
        yield *_parted(what), told, "200" + (f", {' or '.join(answers)}" if answers else "")
    for what, attack in COMMANDS.items():
        yield *_parted(what), f"exit {attack.code}: “{attack.says}”", ""
    for what, request in REQUESTS.items():
        said = f": “{request.says}”" if request.says else ""
        yield *_parted(what), "", f"{request.status}{said}"


def table() -> str:
    """The attacks as a table in Markdown, with how many there are."""
    every = list(rows())
    lines = [f"| {' | '.join(row)} |\n" for row in every]
    head = "| part | made to harm | answer of a command | over HTTP |\n|---|---|---|---|\n"
    return f"{len(every)} attacks:\n\n{head}{''.join(lines)}"


def page_with(text: str) -> str:
    """The page with the table as it is now."""
    made = f"{_BEGIN}\n{table()}\n{_END}"
    return re.sub(f"{re.escape(_BEGIN)}.*{re.escape(_END)}", lambda _: made, text, flags=re.DOTALL)


def _parted(what: str) -> tuple[str, str]:
    part, _, rest = what.partition(": ")
    return part, rest.replace("|", "\\|")


if __name__ == "__main__":
    PAGE.write_text(page_with(PAGE.read_text(encoding="utf-8")), encoding="utf-8")
