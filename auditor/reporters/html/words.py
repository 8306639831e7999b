"""Text of documents as a page may hold it: nothing in it is markup, nothing in it is invisible.

The templates escape whatever they print; every text also goes through `visible` on its way.
"""

from __future__ import annotations

import base64
import hashlib
import re
from functools import cache

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup, escape

from auditor.messages import phrase
from auditor.reporters.html.findings import in_language
from auditor.visible import visible_throughout

_HAN = re.compile(r"[\u3000-\u303f\u3400-\u9fff\uff00-\uffef]+")


def visible(value: object) -> object:
    """Text with its invisible characters named, as in `[U+202E]`; anything else as it is."""
    if isinstance(value, Markup) or not isinstance(value, str):
        return value
    return visible_throughout(value)


def in_tongues(value: str, language: str) -> Markup:
    """Text with the Chinese in it declared as such, where the page is in another language."""
    said = escape(visible(value))
    if language == "zh":
        return said
    return Markup(_HAN.sub(lambda found: f'<span lang="zh">{found[0]}</span>', said))


def digest(text: str) -> str:
    """How a Content-Security-Policy names a script or a style sheet by what it says."""
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()


@cache
def environment(language: str) -> Environment:
    """The templates, which speak that language."""
    made = Environment(
        loader=PackageLoader("auditor.reporters.html"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        finalize=visible,
    )
    made.filters["said"] = lambda value: in_tongues(value, language)
    made.filters["statement"] = lambda rule: in_language(rule.statement, language)
    made.globals["say"] = lambda code, **values: in_tongues(
        phrase(code, language, **values), language
    )
    made.globals["plain"] = lambda code, **values: phrase(code, language, **values)
    made.globals["tongue"] = "zh-CN" if language == "zh" else language
    for name, file in (("style", "page.css"), ("script", "page.js")):
        source, _, _ = made.loader.get_source(made, file) if made.loader else ("", "", None)
        made.globals[name] = Markup(source)
        made.globals[f"{name}_digest"] = digest(source)
    return made
