"""`make golden`: write every kept output anew, and the README's with it; review the diff."""

from __future__ import annotations

import re

from tests.golden import slips
from tests.golden.cases import CASES, kept, printed
from tests.support import ROOT

READMES = {"README.md": "en.txt", "README.zh-CN.md": "zh.txt"}
"""Each README shows the output for `three-mistakes` between two comments."""
BLOCK = re.compile(r"(?<=<!-- output -->\n```text\n).*?(?=```\n<!-- /output -->)", re.DOTALL)


def main() -> None:
    for example, ending in CASES:
        kept(example, ending).write_text(printed(example, ending)[1], encoding="utf-8")
    for name in slips.SLIPS:
        for language in slips.LANGUAGES:
            story = slips.kept(name, language)
            story.write_text(slips.told(name, language), encoding="utf-8")
    for name, ending in READMES.items():
        path = ROOT / name
        shown = kept("three-mistakes", ending).read_text(encoding="utf-8")
        text = path.read_text(encoding="utf-8")
        (old,) = BLOCK.findall(text)
        path.write_text(
            text.replace(f"```text\n{old}```", f"```text\n{shown}```"), encoding="utf-8"
        )


if __name__ == "__main__":
    main()
