"""The folder of hand-written pages in, a folder with the made ones among them out."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

from auditor.definitions import load_library
from docs.making.commands import described
from docs.making.rules import rule_pages
from docs.making.words import word

LANGUAGES = {"en": ".md", "zh": ".zh.md"}
"""What a page's name ends with, by language."""
_HEADING = re.compile("^# (.+)$", re.MULTILINE)


def gather(written: Path, made: Path) -> None:
    """Copy the written pages to an empty folder, and put the made ones beside them."""
    leave_out = shutil.ignore_patterns("making", "man", "__pycache__")
    shutil.copytree(written, made, dirs_exist_ok=True, ignore=leave_out)
    library = load_library()
    decisions = sorted((written / "decisions").glob("[0-9]*.md"))
    for language, ending in LANGUAGES.items():
        pages = {f"rules/{name}": text for name, text in rule_pages(library, language).items()}
        pages["commands"] = _commands(language)
        pages["decisions"] = _decisions(decisions, language)
        for name, text in pages.items():
            path = made / f"{name}{ending}"
            path.parent.mkdir(exist_ok=True)
            path.write_text(text + "\n", encoding="utf-8")


def _commands(language: str) -> str:
    lines = [f"# {word('commands-title', language)}\n", word("commands-lead", language)]
    for each in described():
        lines += [f"\n## {each.name}\n", f"    {each.usage}"]
        for text, is_kept in each.paragraphs:
            shown = "\n".join(f"    {line}" for line in text.splitlines()) if is_kept else text
            lines += ["", shown.replace("<", "&lt;") if not is_kept else shown]
        lines.append("")
        for name, said in each.options:
            lines.append(f"- `{name}`: {said}")
    return "\n".join(lines)


def _decisions(pages: list[Path], language: str) -> str:
    lines = [f"# {word('decisions-title', language)}\n", word("decisions-lead", language), ""]
    for page in pages:
        heading = _HEADING.search(page.read_text(encoding="utf-8"))
        assert heading, f"{page} has no heading"
        title = re.sub(r"^[0-9]+\. ", "", heading[1])
        lines.append(f"- [{page.name[:4]}: {title}](decisions/{page.name})")
    return "\n".join(lines)
