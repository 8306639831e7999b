"""`make golden`: write every kept output anew, and the README's with it; review the diff."""

from __future__ import annotations

import re

from auditor.corpus.frame import FACTS
from tests.golden import slips
from tests.golden.cases import (
    BATCHES,
    CASES,
    CHINESE_README,
    FOLDER,
    batch_output,
    golden_file,
    output,
    printed,
)
from tests.support import ROOT

READMES = {"README.md": "en.txt", "README.zh-CN.md": "zh.txt"}
"""Each README shows the output for `three-mistakes` between two comments."""
BLOCK = re.compile(r"(?<=<!-- output -->\n```text\n).*?(?=```\n<!-- /output -->)", re.DOTALL)

COLUMNS = re.compile(r"(?<=<!-- columns -->\n).*?(?=<!-- /columns -->)", re.DOTALL)
"""What docs/output.md says of the table of facts, between two comments."""


def columns() -> str:
    """The columns of the table of facts, as its schema describes them."""
    kinds = {"string": "text", "Int64": "whole number"}
    lines = ["| column | holds | may be empty | what it is |", "|---|---|---|---|"]
    for name, column in FACTS.columns.items():
        kind = kinds.get(str(column.dtype).split("[")[0], "exact number")
        empty = "yes" if column.nullable else ""
        lines.append(f"| `{name}` | {kind} | {empty} | {column.description} |")
    return "\n".join(lines) + "\n"


def main() -> None:
    for example, ending in CASES:
        golden_file(example, ending).write_text(printed(example, ending)[1], encoding="utf-8")
    golden_file("three-mistakes", "zh.txt").write_bytes(output(*CHINESE_README)[1])
    for name in slips.SLIPS:
        slips.golden_file(name).write_text(slips.check_output(name, "en"), encoding="utf-8")
    for name in BATCHES:
        (FOLDER / name).write_bytes(batch_output(name)[1])
    docs = ROOT / "docs" / "output.md"
    text = docs.read_text(encoding="utf-8")
    docs.write_text(COLUMNS.sub(lambda _: columns(), text), encoding="utf-8")
    for name, ending in READMES.items():
        path = ROOT / name
        shown = golden_file("three-mistakes", ending).read_text(encoding="utf-8")
        text = path.read_text(encoding="utf-8")
        (old,) = BLOCK.findall(text)
        path.write_text(
            text.replace(f"```text\n{old}```", f"```text\n{shown}```"), encoding="utf-8"
        )


if __name__ == "__main__":
    main()
