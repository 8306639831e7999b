"""The import table: stages never import a sibling stage; they meet at `model`."""

from __future__ import annotations

import ast
import re
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path

PACKAGE = Path(__file__).resolve().parents[2] / "auditor"

MAY_IMPORT: dict[str, set[str]] = {
    "__init__": {"definitions", "errors", "findings", "model", "pipeline", "readers"},
    "__main__": {"cli", "isolated", "patterns"},
    "model": set(),
    "errors": set(),
    "extras": set(),
    "pickled": {"extras", "platformdirs"},
    "report_cache": {
        *("definitions", "extras", "model", "pickled", "readers"),
    },
    "cjk": set(),
    "isolated": set(),
    "patterns": {"pickled"},
    "regular": {"errors"},
    # What things of the model are called in words.
    "messages": {"model"},
    # What is wrong with a document, in the words of every language.
    "refusals": {"errors", "messages", "model"},
    "yamlsource": {"errors", "model", "yaml"},
    "decisions": {"model", "errors", "findings", "yamlsource", "yaml"},
    "readers": {
        *(
            "cjk",
            "cssselect2",
            "errors",
            "extras",
            "isolated",
            "lxml",
            "messages",
            "model",
            "pdfminer",
            "refusals",
            "pdfplumber",
            "PIL",
            "pypdfium2",
            "tinycss2",
        ),
        *("cv2", "numpy", "rapidocr_onnxruntime"),
    },
    "source_text": {"cjk", "model"},
    "layout": {"cjk", "model", "errors", "refusals", "source_text", "rapidfuzz"},
    # What stands outside the tables, read where `layout` says that no table is.
    "prose": {"model", "errors", "layout", "source_text"},
    # A rule's own test is a sentence, read by the reader of reports.
    "checks": {"model", "errors", "prose", "yamlsource", "yaml"},
    "diagnosis": {"model", "checks", "highspy"},
    "strength": {"model", "errors", "checks", "diagnosis", "highspy"},
    "findings": {"model", "messages"},
    "reporters": {
        *(
            "model",
            "escaping",
            "messages",
            "rich",
            "xlsxwriter",
            "jinja2",
            "markupsafe",
        ),
    },
    "escaping": set(),
    "definitions": {
        "pickled",
        *("model", "errors", "layout", "prose", "checks", "strength", "regular"),
        *("cjk", "refusals", "source_text", "yamlsource"),
    },
    "pipeline": {
        *(
            "model",
            "errors",
            "readers",
            "report_cache",
            "refusals",
            "layout",
            "prose",
            "checks",
            "diagnosis",
            "findings",
        ),
        "definitions",
    },
    # An output like the reporters', of the same items, for whoever computes with them.
    "corpus": {
        *("errors", "model", "reporters", "escaping", "messages"),
        *("pandas", "pandera", "pyarrow"),
        # Many reports: each goes through the pipeline, all their sums are columns.
        *("checks", "definitions", "findings", "pipeline", "readers", "yamlsource"),
        *("filelock", "fsspec", "numpy", "polars", "rensa", "upath", "xlsxwriter"),
        # The page with heat maps.
        *("jinja2", "markupsafe"),
    },
    # What form authors try a form with: invented reports, and how the product reads them.
    "testing": {
        "model",
        "errors",
        "extras",
        "strength",
        "definitions",
        "pipeline",
        "readers",
        "xlsxwriter",
    },
    "cli": {
        *("model", "errors", "messages", "readers", "layout", "prose", "checks", "findings"),
        *(
            "reporters",
            "definitions",
            "report_cache",
            "pipeline",
            "strength",
            "testing",
            "click",
            "pathspec",
            "filelock",
            "rich",
        ),
        # The workers of a cluster, which only some ask for.
        *("dask", "distributed", "fsspec"),
        *("corpus", "decisions", "escaping", "extras", "isolated", "regular", "yamlsource"),
    },
    # The command line's workers, asked over HTTP. `audit serve` is found by its name, so that
    # nothing else imports any of it.
    "web": {
        *("cli", "definitions", "escaping", "extras", "findings", "messages", "model"),
        *("pipeline", "readers", "reporters", "anyio", "click", "jinja2", "markupsafe"),
        *("prometheus_client", "starlette", "uvicorn"),
    },
}
"""What each part may import besides itself, `patterns`, the standard library and msgspec, of
which values are made."""

CHINESE = {"cjk", "testing"}
"""Parts in which Chinese text may stand; labels and rules live in YAML, messages in JSON."""

MODULES = sorted(PACKAGE.rglob("*.py"))
_CJK = re.compile("[\u3400-\u9fff]")
_ESCAPED = re.compile(r"\\(?:u([0-9a-fA-F]{4})|N\{CJK UNIFIED IDEOGRAPH-([0-9A-F]{4})\})")
_BLOCK = re.compile("[\u3400\u4e00]-\u9fff")
"""All of Chinese, which is no word of it."""


@cache
def tree_of(path: Path) -> ast.Module:
    """What a module says, as Python understands it."""
    return ast.parse(path.read_text(encoding="utf-8"))


def part_of(path: Path) -> str:
    """The part of the package that a module belongs to: its first name below `auditor`."""
    return path.relative_to(PACKAGE).parts[0].removesuffix(".py")


def imports(path: Path) -> Iterator[str]:
    """The parts and outside packages that a module imports, wherever the import stands."""
    for node in ast.walk(tree_of(path)):
        match node:
            case ast.Import(names=names):
                modules = [name.name for name in names]
            case ast.ImportFrom(module="auditor", names=names, level=0):
                modules = [f"auditor.{name.name}" for name in names if name.name != "__version__"]
            case ast.ImportFrom(module=str(module), level=0):
                modules = [module]
            case ast.ImportFrom():
                modules = ["a relative import"]
            case _:
                continue
        for module in modules:
            first, _, rest = module.partition(".")
            yield rest.partition(".")[0] if first == "auditor" and rest else first


def strings(path: Path) -> Iterator[str]:
    """The texts that a module computes with: docstrings and comments may quote a form."""
    text = path.read_text(encoding="utf-8")
    tree = tree_of(path)
    quoted = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and id(node) not in quoted:
            if isinstance(node.value, str):
                # A raw string holds its escapes as they are written, for a pattern to decode.
                yield _ESCAPED.sub(lambda code: chr(int(code[1] or code[2], 16)), node.value)
            elif isinstance(node.value, int) and 0x3400 <= node.value <= 0x9FFF:
                written = ast.get_source_segment(text, node) or ""
                yield chr(node.value) if written.lower().startswith("0x") else ""


def _named(path: Path) -> str:
    return str(path.relative_to(PACKAGE))


def test_a_module_imports_only_what_its_part_may() -> None:
    found = {}
    for path in MODULES:
        part = part_of(path)
        allowed = (
            MAY_IMPORT[part] | {part, "auditor", "msgspec", "patterns"} | sys.stdlib_module_names
        )
        if beyond := set(imports(path)) - allowed:
            found[_named(path)] = beyond
    assert found == {}


IMPORTED_LATE = {
    "__init__.py",  # its public interface, each name on first use
    "checks/evaluate.py",  # fractions, which few forms ask for
    "cli/workers.py",  # a child process and all that it takes, which a single text needs none of
}
"""Modules that name types which they import when they first use them, so that a run starts sooner;
what they import so does not import them."""


def test_a_function_has_at_most_65_lines() -> None:
    # A module is one job that its name says, however long that takes; sixty lines are the aim.
    limit = 65
    found = {}
    for path in MODULES:
        for node in ast.walk(tree_of(path)):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                length = (node.end_lineno or 0) - node.lineno + 1
                if length > limit:
                    found[f"{_named(path)}: {node.name}"] = length
    assert found == {}


def test_no_label_or_sentence_of_a_form_is_written_in_code() -> None:
    found = {
        _named(path): chinese
        for path in MODULES
        if part_of(path) not in CHINESE
        and (chinese := [text for text in strings(path) if _CJK.search(_BLOCK.sub("", text))])
    }
    assert found == {}


def test_a_module_opens_with_what_it_is_for() -> None:
    trees = {_named(path): tree_of(path) for path in MODULES}
    assert [name for name, tree in trees.items() if not ast.get_docstring(tree)] == []


def test_imports_for_type_checking_only_do_not_hide_a_cycle() -> None:
    found = {
        _named(path) for path in MODULES if "TYPE_CHECKING" in path.read_text(encoding="utf-8")
    }
    assert found == IMPORTED_LATE
