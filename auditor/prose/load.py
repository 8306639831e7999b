"""`prose.yaml` and the form it is for in, `Wordings` out; a slip is a `DefinitionError`.

Cells are named as rules name them: `row/column` within `table`, with `group.*` and `*` for several.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import product
from typing import Any

from auditor.model.check import Alternative, Relation, Severity
from auditor.model.form import Address, Form, Table
from auditor.model.wordings import Mention, SectionForm, Topic, Wordings, WordLists
from auditor.yamlshape import (
    FLAG,
    KEPT,
    TEXT,
    TEXTS,
    WHOLE,
    WORDS,
    Keys,
    Shape,
    list_of,
    map_of,
    may,
    need,
    one_of,
)
from auditor.yamlsource import Item, nearest

_REFERENCE = re.compile(r"\{(\w+\??)\}")
_DEEPEST = 3
"""Words made of words made of words."""
_RELATIONS = {"equal": Relation.EQ, "at_most": Relation.LE, "at_least": Relation.GE}


def _severity(item: Item) -> Severity:
    return Severity(item.one_of([level.value for level in Severity]))


_SEVERITY = Shape(_severity, {"enum": [level.value for level in Severity]})
_SECTION = Keys(
    need("id", TEXT),
    need("number", WHOLE),
    need("headings", TEXTS, "Wordings of the heading, without its number."),
    may("table", KEPT, "The table that stands in it."),
)
_TOPIC = Keys(
    need("id", TEXT),
    need("words", TEXTS, "Words that name it."),
    may("sections", TEXTS, "Sections in which it needs no naming.", ()),
    may("weak", FLAG, "Whether any other topic that is named takes precedence.", False),
    may("decoy", FLAG, "True for one that the form has no boxes for.", False),
)
_ALTERNATIVE = Keys(
    need("cells", list_of(KEPT), "Cells that are added up, as row/column."),
    may("less", list_of(KEPT), "Cells that are taken off."),
    may("relation", one_of(tuple(_RELATIONS)), "How the figure compares with the sum.", "equal"),
    may("severity", _SEVERITY, "What is said where only this reading fits; none: in order."),
    may("times", WHOLE, "The sum in units of the figure: 10000 for one in yuan.", 1),
    may("note", WORDS, "What the reading means, for the finding."),
    may("editions", TEXTS, "Only for these editions of the form.", ()),
)
_MENTION = Keys(
    need("id", TEXT, "The name that rules use."),
    need("table", KEPT, "The table whose cells it may equal."),
    need("label", WORDS),
    need("topic", KEPT, "Which must have been named, there or before."),
    may("before", TEXTS, "Heads that claim a figure behind them.", ()),
    may("after", TEXTS, "Heads that claim a figure in front of them.", ()),
    may("named", one_of(("always", "alone")), "Whether the topic's own words claim a figure."),
    may("all", TEXTS, "Heads that claim it behind a word for all.", ()),
    may("none", TEXTS, "Heads that a denial of it may have.", ()),
    may("none_named", FLAG, "Whether a denial of the topic alone denies it.", False),
    may("zero", TEXTS, "Heads that claim it with a figure of zero only.", ()),
    may("percent", WHOLE, "The percentage that claims it; it has no other figure."),
    may("loose", TEXTS, "Phrases that state it vaguely.", ()),
    may("of_all", FLAG, "Whether what is said of all says nothing of a figure in front.", False),
    may("spreads", TEXTS, "Mentions that a figure of zero is of, one by one.", ()),
    may("takes", TEXT, "The mention whose figure a claim without one repeats."),
    may("of", TEXT, "The mention that this one is a part of."),
    may("adds_to", TEXT, "The mention that the table may count it with."),
    may("units", TEXTS, "Units that the figure may have.", ()),
    may("unless", TEXTS, "Words in the clause that make it something else.", ()),
    may("never_as", TEXTS, "Wordings of it, with the figure for …, that are another.", ()),
    may("led_by", TEXTS, "Words of which one stands before it in the clause.", ()),
    may("not_led_by", TEXTS, "Words of which none stands there.", ()),
    may("beside", TEXTS, "Words of which one stands in the sentence.", ()),
    may("not_beside", TEXTS, "Words of which none stands in the sentence.", ()),
    may("near", KEPT, "A topic that must have been named since the last subheading."),
    may("at_home", KEPT, "The section in which `near` is not asked for."),
    may("yields_to", TEXT, "A mention beside which, in one sentence, it claims nothing."),
    may("any_year", FLAG, "Whether it may be told with the year before.", False),
    may("inherits", FLAG, "Whether the topic may have been named before.", True),
    may("severity", _SEVERITY, "Instead of the rule's own."),
    may("denied", _SEVERITY, "Where the text denies what the table has."),
    may("equals", list_of(_ALTERNATIVE), "Readings, tried in order.", ()),
    may("editions", TEXTS, "Only for these editions of the form.", ()),
)
_COMPOUND = Keys(
    need("row", TEXTS, "Keys of heads and times, in order; glue may stand between them."),
    need("is", TEXT, "The head that they make."),
)
_NUMBERS = map_of(WHOLE)
_MORE = Keys(
    *(
        may(name, TEXT, "", "") if kind == "str" else may(name, TEXTS, "", ())
        for name, kind in WordLists.__annotations__.items()
    )
)
WORDINGS = Keys(
    need("sections", list_of(_SECTION), "The sections of the report, in order."),
    need("topics", list_of(_TOPIC), "What sentences speak of."),
    need("mentions", list_of(_MENTION), "The quantities that sentences state."),
    need("digits", _NUMBERS),
    need("scales", _NUMBERS),
    may("parts", map_of(TEXTS), "Words that other words are made of: {name}, {name?}.", {}),
    may("heads", map_of(TEXTS), "Words for what is done and what comes of it, by key.", {}),
    may("compounds", list_of(_COMPOUND), "Rows of heads and times that are one head.", ()),
    may("times", map_of(TEXTS), "Words for the last, this and the next year.", {}),
    may("marks", map_of(TEXTS), "Small words, by what they are.", {}),
    may("units", TEXTS, "Classifiers told from other words behind a figure.", ()),
    may("counts", TEXTS, "Units of cases.", ()),
    may("vague_before", TEXTS, "Words that make a figure vague, in front of it.", ()),
    may("vague_after", TEXTS, "The same, behind it.", ()),
    may("wide", TEXTS, "Words for more than the reporting agency.", ()),
    may("own", TEXTS, "Words for the reporting agency alone.", ()),
    may("more", _MORE, "Word lists of single readers.", None),
    about="How sentences speak of the report: sections, topics, and quantities that prose states.",
)


def load_wordings(item: Item, form: Form) -> Wordings:
    """The wordings of one edition; what is for other editions only is left out."""
    given = WORDINGS.read(item)
    edition = form.id.rpartition("/")[2]
    composed = Composer(item, given.pop("parts"), given["heads"])
    given["heads"] = {key: composed(words) for key, words in given["heads"].items()}
    given["compounds"] = tuple((each["row"], each["is"]) for each in given["compounds"])
    topics = [
        Topic(each.pop("id"), composed(each.pop("words")), **each) for each in given.pop("topics")
    ]
    sections = [_section(each, form) for each in given.pop("sections")]
    keys = [section.key for section in sections]
    known = [topic.key for topic in topics]
    mentions: list[Mention] = []
    absent: list[str] = []
    for each in given.pop("mentions"):
        is_here = not each["editions"] or edition in each["editions"]
        mention = _mention(each, form, edition if is_here else None, known, keys)
        if is_here:
            mentions.append(mention)
        else:
            absent.append(mention.key)
    _need_unique(item, [mention.key for mention in mentions])
    _need_heads(item, given, mentions)
    given["more"] = WordLists(**given["more"]) if given["more"] else WordLists()
    for name in ("digits", "scales", "heads", "times", "marks"):
        given[name] = tuple(given[name].items())
    return Wordings(
        sections=tuple(sections),
        topics=tuple(topics),
        mentions=tuple(mentions),
        absent=tuple(absent),
        **given,
    )


class Composer:
    """Words that are written as made of others, `{and}` and `{and?}`, spelled out."""

    def __init__(self, item: Item, *lists: Mapping[str, Sequence[str]]) -> None:
        self._item = item
        self._lists = {key: words for each in lists for key, words in each.items()}

    def __call__(self, words: Sequence[str], depth: int = 0) -> tuple[str, ...]:
        """Every word that each of them stands for. Raises `DefinitionError` for an unknown name."""
        found: list[str] = []
        for word in words:
            pieces = _REFERENCE.split(word)
            choices: list[Sequence[str]] = []
            for index, piece in enumerate(pieces):
                choices.append(self._choices(piece, depth) if index % 2 else (piece,))
            found += ("".join(each) for each in product(*choices))
        return tuple(dict.fromkeys(found))

    def _choices(self, name: str, depth: int) -> Sequence[str]:
        key = name.removesuffix("?")
        if key not in self._lists or depth > _DEEPEST:
            raise self._item.wrong(f"no words are called {key!r}", nearest(key, [*self._lists]))
        spelled = self(self._lists[key], depth + 1)
        return ("", *spelled) if name.endswith("?") else spelled


def _need_unique(item: Item, keys: list[str]) -> None:
    for key in keys:
        if keys.count(key) > 1:
            raise item.wrong(f"the id {key!r} stands here twice")


def _need_heads(item: Item, given: Mapping[str, Any], mentions: Sequence[Mention]) -> None:
    """Every head that a mention or a compound names has words, or is a compound."""
    known = {*given["heads"], *(made for _, made in given["compounds"])}
    rows = [key for row, _ in given["compounds"] for key in row if key not in given["times"]]
    named = [
        head
        for mention in mentions
        for heads in (mention.before, mention.after, mention.all, mention.none, mention.zero)
        for head in heads
    ]
    for head in (*rows, *named):
        if head not in known:
            raise item.wrong(f"no words are called {head!r}", nearest(head, [*known]))


def _section(given: dict[str, Any], form: Form) -> SectionForm:
    table = given["table"]
    return SectionForm(
        given["id"],
        given["number"],
        given["headings"],
        table.one_of([each.key for each in form.tables]) if table else None,
    )


def _mention(
    given: dict[str, Any], form: Form, edition: str | None, topics: list[str], sections: list[str]
) -> Mention:
    """The mention; without its readings where the form is of an edition that it is not for."""
    del given["editions"]
    table = form.table(given.pop("table").one_of([each.key for each in form.tables]))
    given["topic"] = given["topic"].one_of(topics)
    for name, choices in (("near", topics), ("at_home", sections)):
        if given[name]:
            given[name] = given[name].one_of(choices)
    equals = given.pop("equals")
    readings = tuple(_alternatives(equals, table, edition)) if edition else ()
    return Mention(key=given.pop("id"), **given, equals=readings)


def _alternatives(
    readings: tuple[dict[str, Any], ...], table: Table, edition: str
) -> Iterator[Alternative]:
    for given in readings:
        if given["editions"] and edition not in given["editions"]:
            continue
        yield Alternative(
            tuple(
                (sign, address)
                for sign, side in ((1, given["cells"]), (-1, given["less"] or ()))
                for each in side
                for address in _cells(each, table)
            ),
            _RELATIONS[given["relation"]],
            given["severity"],
            given["times"],
            given["note"],
        )


def _cells(item: Item, table: Table) -> Iterator[Address]:
    row_said, slash, column_said = item.text().partition("/")
    if not slash:
        raise item.wrong("a cell is written as row/column")
    if row_said.endswith(".*"):
        rows = [row for row in table.rows if row.group == row_said[:-2]]
    else:
        rows = [row for row in table.rows if row.key == row_said]
    if not rows:
        known = [row.key for row in table.rows] + [f"{group.key}.*" for group in table.groups]
        raise item.wrong(f"table {table.key!r} has no row {row_said!r}", nearest(row_said, known))
    columns = [column.key for column in table.columns]
    if column_said != "*" and column_said not in columns:
        raise item.wrong(
            f"table {table.key!r} has no column {column_said!r}", nearest(column_said, columns)
        )
    for row in rows:
        for key in row.columns:
            if column_said in ("*", key):
                yield Address(table.key, row.key, key)
