"""Whose figure, of which year, on which topic: what mentions ask of the words around one."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

from auditor.model.prose import Claim, Quantity
from auditor.model.wordings import Mention
from auditor.prose.clauses import SentenceView
from auditor.prose.lexer import Grammar

OTHER_TIME, OTHER_BODY, OTHER_MATTER = "time", "body", "matter"
_BODY_REACH = 40
_LONGEST_NAME = 24
"""Characters of a body's name."""
_TELLING = 3
"""Characters that a short name is known by; two where a clause begins with them."""
_WHOLE = 4
"""Characters of an agency's name that tell it from others within a longer name."""
_NARROWED = 12
"""Characters between 其中 and the topic that it narrows a figure to."""
_SEVERAL = 2
"""Words of a table that show of what a sentence speaks."""
_WIDE_REACH = 200
"""Characters before a claim in which a wider scope may be named."""
_NAMED_PART = r"{among},?(?P<name>[^,;:\d]{2,24}?){work_done}[^,;\d]{0,12}\d"
"""The agency's part of a wider figure, by its name: 其中A局收到30件."""
_OWN_PART = r"{among}[^,;]{0,12}?{own}[^,;\d]{0,12}\d"
"""The same, where it speaks of itself."""


def has_unit(g: Grammar, mention: Mention, quantity: Quantity) -> bool:
    """Whether the quantity is counted as the mention is; one without a unit may be."""
    return not quantity.unit or quantity.unit in (mention.units or g.set("counts"))


def on_topic(
    s: SentenceView,
    mention: Mention,
    start: int,
    topics: Sequence[str],
    beside: Sequence[str | None] = (),
) -> bool:
    """Whether the claim is about the mention's topic: by the `topics` named between its words,
    by those `beside` it, or by what was named last before it."""
    if {*topics} - {mention.topic} - s.g.weak:
        return False
    if mention.near and not (
        s.section == mention.at_home
        or s.has_named(mention.near, start)
        or mention.near in beside
        or sum(word in s.text for word in s.g.words("table_words")) >= _SEVERAL
    ):
        return False
    if mention.topic in topics or mention.topic in beside:
        return True
    if not mention.inherits or topics:
        return False
    last = s.topic(start)
    return last == mention.topic or (last is None and mention.of is not None)


def refusal(s: SentenceView, mention: Mention, start: int, end: int) -> str:
    """Why a claim at `start`..`end` is not the report's own; empty where it is."""
    if _is_foreign(s, start):
        return OTHER_BODY
    clause = s.clause(start)
    lead = s.text[clause:start]
    if _has(lead, s.g.words("on_behalf")) and not s.g.pattern("{own}").search(lead):
        return OTHER_BODY
    if not mention.any_year and (
        s.is_away(end - 1) or s.is_of_another_year(end - 1) or s.names_another_year(clause, start)
    ):
        return OTHER_TIME
    if _has(lead, s.g.words("elsewhere")):
        return OTHER_TIME if mention.any_year else OTHER_MATTER
    return "" if _is_of_matter(s, mention, clause, start, end) else OTHER_MATTER


def _has(text: str, words: Sequence[str]) -> bool:
    return any(word in text for word in words)


def _is_of_matter(s: SentenceView, mention: Mention, clause: int, start: int, end: int) -> bool:
    """Whether the words around a claim leave it what it is."""
    led = s.text[s.stretch(start) : start]
    if (mention.led_by and not _has(led, mention.led_by)) or _has(led, mention.not_led_by):
        return False
    if _is_another(s, mention.unless, clause, start, end):
        return False
    behind = s.text.find(")", end) if s.text[end : end + 1] == "(" else end
    if _has(s.text[clause : max(end, behind)], s.g.words("not_ours")):
        return False
    if s.has_any(mention.not_beside) or (mention.beside and not s.has_any(mention.beside)):
        return False
    claimed = s.text[start:end]
    never = (wording.partition("\u2026") for wording in mention.never_as)
    if any(head in claimed and claimed.endswith(tail) for head, _, tail in never):
        return False
    return not (mention.near and _is_narrowed(s, mention.near, clause, start, end))


def _is_another(s: SentenceView, unless: Sequence[str], clause: int, start: int, end: int) -> bool:
    """Whether words of the clause make a figure another quantity; not those that stand right in
    front of another figure (`修改3件、废止2件`)."""
    last = s.end_of_item(end)
    for word in unless:
        at = s.text.find(word, clause, last)
        while at >= 0:
            behind = at + len(word)
            if start <= at < end or not s.has_figure(behind, behind + 1):
                return True
            at = s.text.find(word, behind, last)
    return False


def _is_narrowed(s: SentenceView, topic: str, clause: int, start: int, end: int) -> bool:
    """Whether the sentence goes on with those of a figure that are on the topic: the figure
    itself is of more (`行政复议41件，其中涉及政府信息公开的4件`)."""
    narrowing = s.g.pattern(
        rf"{{among}}[^,;\d]{{0,{_NARROWED}}}{{long_{topic}}}", s.g.words("among")
    )
    if narrowing.search(s.text, max(0, clause - _NARROWED), start):
        return False
    return narrowing.search(s.text, end) is not None


# --- bodies ---------------------------------------------------------------------------------------
def _is_foreign(s: SentenceView, start: int) -> bool:
    """Whether the subject of the claim that begins at `start` is a body other than the agency:
    the one in its own clause, or else the last one of the clauses in front, where this clause
    does not sum up. Never where the agency is not known.
    """
    if not s.agency:
        return False
    begin = s.subject(start)
    foreign = _names_another(s, begin, start)
    if foreign is None:
        sums = (*s.g.words("published_sums+this_year"), str(s.year))
        return not _has(s.text[begin:start], sums) and s.was_foreign(start)
    s.note_subject(start, foreign)
    return foreign


def _names_another(s: SentenceView, clause: int, start: int) -> bool | None:
    """Whether a clause tells of another body; None where it names no subject.

    The agency's own level is a part, once figures of a wider scope were told.
    """
    g, text = s.g, s.text
    ours, bodies = g.word_set("own+wide"), g.word_set("bodies")
    passed = g.word_set("glue+topics+heads")
    reached = {start}
    for at in range(start, max(clause, start - _BODY_REACH), -1):
        if at not in reached:
            continue
        own = next(ours.ending(text, at), None)
        if own:
            return s.is_wide and own.endswith(g.words("own_parts"))
        noun = next(bodies.ending(text, at), None)
        first = at - len(noun or "")
        # 政府 of 政府信息公开 is no body.
        if (
            noun
            and first >= clause
            and len(g.word_set("glue+topics").longest(text, first)) <= len(noun)
        ):
            if _has(text[clause:first], g.words("objects")):
                return None
            if noun not in g.set("apart") and _is_of_all(s, clause, at):
                return False
            return not (
                _is_agency(s, clause, at, _TELLING)
                or (noun in g.set("seats") and first and _is_agency(s, clause, first, _TELLING - 1))
            )
        reached |= {at - len(word) for word in passed.ending(text, at)}
        if text[at - 1] == ")":
            reached.add(text.rfind("(", clause, at))
    return None


def _is_of_all(s: SentenceView, clause: int, end: int) -> bool:
    """Whether a body is of the whole: 全市各部门; not so many of it: 全县9个乡镇."""
    found = s.g.pattern("{wide}").search(s.text, clause, end)
    return found is not None and not s.has_figure(found.end(), end)


def _is_agency(s: SentenceView, clause: int, end: int, least: int) -> bool:
    """Whether a name that ends at a place is the agency's, or short for it."""
    g, text, agency = s.g, s.text, s.agency
    first = max(clause, end - _LONGEST_NAME)
    start, rest = end, agency
    while start > first:
        before, found, _ = rest.rpartition(text[start - 1])
        if not found:
            break
        start, rest = start - 1, before
    led = text[start - 1 : start] if start > clause else ""
    if led in g.set("own_marks") or led in g.set("levels"):
        return led in g.set("own_marks")
    at_boundary = not led.isalnum() or led in g.set("year_sign+month_sign+day_signs")
    if at_boundary and text[start:end] in g.set("levels"):
        return True
    if end - start >= least - at_boundary:
        return True
    name = text[first:end]
    return len(agency) >= _WHOLE and agency not in name and _is_within(agency, name)


def _is_within(name: str, text: str) -> bool:
    """Whether the characters of a name stand in a text in their order."""
    rest = iter(text)
    return all(char in rest for char in name)


# --- wider scopes and parts -----------------------------------------------------------------------
def is_wide(s: SentenceView, end: int) -> bool:
    """Whether a claim that ends there is of more than the agency reports for."""
    found = [*s.g.pattern("{wide}").finditer(s.text, max(0, end - _WIDE_REACH), end)]
    if not found or _is_whole(s, found[-1][0]):
        return False
    return s.g.pattern("{own}").search(s.text, found[-1].end(), end) is None


def widens(s: SentenceView, claims: Sequence[Claim]) -> bool:
    """Whether a claim is told of a wider scope, be it the agency's own or not."""
    return any(_wider_scope(s, each) for each in claims)


def without_parts(
    claims: Sequence[Claim], s: SentenceView, last: Mapping[str, Claim]
) -> list[Claim]:
    """Without figures of a wider scope where the sentence also has the agency's own, and
    without parts of a figure that are told by the same word: `收到100件，其中A局收到30件`.

    Of a county's government the whole county's figure is its own, and others are parts. `last` are
    the claims before this sentence.
    """
    goes_on = s.text.startswith(s.g.words("among"))
    own = s.g.pattern("{own}")
    narrow = {c.mention for c in claims if own.search(s.text, s.clause(c.start), c.end)}
    wide = {id(each): _wider_scope(s, each) for each in claims}
    whole_of = {each.mention for each in claims if _is_whole(s, wide[id(each)])}
    first: dict[str, Claim] = {}
    shared = Counter((each.start, each.end) for each in claims)
    found = []
    for each in sorted(claims, key=lambda one: one.start):
        before, scope = last.get(each.mention), wide[id(each)]
        if goes_on and before is not None and before.sentence == s.number - 1:
            continue
        if not scope and each.mention in whole_of:
            continue
        is_wider = scope and not _is_whole(s, scope)
        if is_wider and (each.mention in narrow or _has_own_part(s, each.end)):
            continue
        whole = first.setdefault(each.mention, each)
        if whole.value != each.value and shared[each.start, each.end] > 1:
            continue  # 收到4件，受理并办结3件: the second is told of those that were answered
        if whole is each or not s.is_parted(whole.end, each.start):
            found.append(each)
    return found


def _wider_scope(s: SentenceView, claim: Claim) -> str:
    """The word for a wider scope in the clause of a claim; empty for none."""
    found = s.g.pattern("{wide}").search(s.text, s.clause(claim.start), claim.end)
    return found[0] if found else ""


def _has_own_part(s: SentenceView, start: int) -> bool:
    """Whether the agency's own part of a wider figure is told behind it."""
    if s.g.pattern(_OWN_PART, s.g.words("among")).search(s.text, start, start + _WIDE_REACH):
        return True
    for found in (
        s.g.pattern(_NAMED_PART, s.g.words("among")).finditer(s.text, start) if s.agency else ()
    ):
        first, end = found.span("name")
        noun = next(s.g.word_set("bodies").ending(s.text, end), None)
        if noun and noun not in s.g.set("seats") and _is_agency(s, first, end, _TELLING):
            return True
    return False


def _is_whole(s: SentenceView, wide: str) -> bool:
    """Whether a wider scope is what the agency reports for: 全县 of a county's government."""
    for seat in sorted(s.g.words("seats"), key=len, reverse=True):
        if wide and s.agency.endswith(seat):
            return s.agency.removesuffix(seat).endswith(wide[1:])
    return False
