"""`prose.yaml` and the form it is for in, `Wordings` out; a slip is a `DefinitionError`.

Cells are named as rules name them: `row/column` within `table`, with `group.*` and `*` for several.
"""

from __future__ import annotations

from collections.abc import Iterator

from auditor.model.check import Alternative, Relation, Severity
from auditor.model.form import Address, Form, Table
from auditor.model.wordings import Mention, SectionForm, Topic, Wordings
from auditor.yamlsource import Item, Mapped, nearest

_RELATIONS = {"equal": Relation.EQ, "at_most": Relation.LE, "at_least": Relation.GE}


def load_wordings(item: Item, form: Form) -> Wordings:
    """The wordings of one edition; what is for other editions only is left out."""
    fields = item.mapped()
    edition = form.id.rpartition("/")[2]
    topics = [_topic(item) for item in _items(fields, "topics")]
    sections = [_section(item, form) for item in _items(fields, "sections")]
    keys = [section.key for section in sections]
    known = [topic.key for topic in topics]
    mentions: list[Mention] = []
    absent: list[Mention] = []
    for item in _items(fields, "mentions"):
        mention, is_here = _mention(item, form, edition, known, keys)
        (mentions if is_here else absent).append(mention)
    _need_unique(fields.item, [mention.key for mention in mentions])
    more = fields.get("more")
    numbers = {
        name: tuple((key, item.whole()) for key, item in fields.need(name).mapped().rest())
        for name in ("digits", "scales")
    }
    wordings = Wordings(
        sections=tuple(sections),
        topics=tuple(topics),
        mentions=tuple(mentions),
        absent=tuple(mention.key for mention in absent),
        fillers=fields.texts("fillers"),
        units=fields.texts("units"),
        counts=fields.texts("counts"),
        vague_before=fields.texts("vague_before"),
        vague_after=fields.texts("vague_after"),
        wide=fields.texts("wide"),
        own=fields.texts("own"),
        digits=numbers["digits"],
        scales=numbers["scales"],
        more=tuple((key, item.texts()) for key, item in more.mapped().rest()) if more else (),
    )
    fields.done()
    return wordings


def _items(fields: Mapped, key: str) -> list[Item]:
    return fields.need(key).items()


def _need_unique(item: Item, keys: list[str]) -> None:
    for key in keys:
        if keys.count(key) > 1:
            raise item.wrong(f"the id {key!r} stands here twice")


def _section(item: Item, form: Form) -> SectionForm:
    fields = item.mapped()
    table = fields.get("table")
    section = SectionForm(
        fields.need("id").text(),
        fields.need("number").whole(),
        fields.need("headings").texts(),
        table.one_of([each.key for each in form.tables]) if table else None,
    )
    fields.done()
    return section


def _topic(item: Item) -> Topic:
    fields = item.mapped()
    decoy, weak = fields.get("decoy"), fields.get("weak")
    topic = Topic(
        fields.need("id").text(),
        fields.need("words").texts(),
        fields.texts("sections"),
        weak.flag() if weak else False,
        decoy.flag() if decoy else False,
    )
    fields.done()
    return topic


def _mention(
    item: Item, form: Form, edition: str, topics: list[str], sections: list[str]
) -> tuple[Mention, bool]:
    """The mention, and whether this edition has it."""
    fields = item.mapped()
    editions = fields.texts("editions")
    value, severity = fields.get("value"), fields.get("severity")
    denied, yields = fields.get("denied"), fields.get("yields_to")
    inherits, near, home = (fields.get(key) for key in ("inherits", "near", "at_home"))
    of_all = fields.get("of_all")
    takes, of = fields.get("takes"), fields.get("of")
    names, any_year = fields.get("names_topic"), fields.get("any_year")
    table = fields.need("table").one_of([each.key for each in form.tables])
    for_it = not editions or edition in editions
    where, listed = fields.get("sections"), fields.get("equals")
    mention = Mention(
        key=fields.need("id").text(),
        label=fields.need("label").words(),
        topic=fields.need("topic").one_of(topics),
        before=fields.texts("before"),
        bare=fields.texts("bare"),
        after=fields.texts("after"),
        phrases=fields.texts("phrases"),
        denials=fields.texts("denials"),
        value=value.whole() if value else 0,
        loose=fields.texts("loose"),
        of_all=of_all.flag() if of_all else False,
        spreads=fields.texts("spreads"),
        takes=takes.text() if takes else None,
        of=of.text() if of else None,
        units=fields.texts("units"),
        sections=tuple(each.one_of(sections) for each in where.items()) if where else (),
        unless=fields.texts("unless"),
        led_by=fields.texts("led_by"),
        not_led_by=fields.texts("not_led_by"),
        near=near.one_of(topics) if near else None,
        at_home=home.one_of(sections) if home else None,
        yields_to=yields.text() if yields else None,
        any_year=any_year.flag() if any_year else False,
        inherits=inherits.flag() if inherits else True,
        names_topic=names.flag() if names else False,
        severity=Severity(severity.one_of([level.value for level in Severity]))
        if severity
        else None,
        denied=Severity(denied.one_of([level.value for level in Severity])) if denied else None,
        equals=tuple(_alternatives(listed, form.table(table), edition))
        if listed and for_it
        else (),
    )
    fields.done()
    return mention, for_it


def _alternatives(listed: Item, table: Table, edition: str) -> Iterator[Alternative]:
    for item in listed.items():
        own = item.mapped()
        relation, severity = own.get("relation"), own.get("severity")
        times, note, editions = own.get("times"), own.get("note"), own.texts("editions")
        cells, less = own.need("cells"), own.get("less")
        own.done()
        if editions and edition not in editions:
            continue
        yield Alternative(
            tuple(
                (sign, address)
                for sign, side in ((1, cells), (-1, less))
                if side
                for each in side.items()
                for address in _cells(each, table)
            ),
            _RELATIONS[relation.one_of(list(_RELATIONS))] if relation else Relation.EQ,
            Severity(severity.one_of([level.value for level in Severity])) if severity else None,
            times.whole() if times else 1,
            note.words() if note else None,
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
