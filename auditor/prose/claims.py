"""Figures of a sentence in; what the words on either side of each claim it to be, out.

In front, the tokens are walked leftwards as long as they are small words, topics and times; the
first head that a mention takes makes the claim. Unknown text ends the walk, but for what stands
between a head and a topic that stands for itself: `收到某某提交的政府信息公开申请5件`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise

from msgspec import Struct
from msgspec.structs import replace

from auditor.model.prose import Quantity
from auditor.model.wordings import Mention
from auditor.prose.clauses import ENDS, LISTED, SentenceView
from auditor.prose.lexer import PERCENT, Grammar, ProseToken
from auditor.prose.scope import OTHER_MATTER, OTHER_TIME, has_unit, on_topic, refusal

OTHERWISE = "otherwise"
"""The heads of what the form has no boxes for."""
_PAUSES = frozenset(",:(")
_QUOTES = frozenset("\u201c\u201d\u300a\u300b")
_REACH = 60
"""Characters that a claim may span in front of its figure."""
_GAP = 40
"""Characters between a head and the topic that it governs from afar."""
_SHOWN = frozenset({"publish", "posts"})
"""Heads that count what is shown, and not what is done."""
_STRONG = 4
"""Characters of a topic's word that stands for itself, whatever is in front of it."""
_MODIFYING = 16
"""Unknown characters between a figure and the topic that it counts."""
_MOVED = 20
"""Characters between the first of two figures and what stands on either side of it."""
_MOVED_FROM = rf"{{moves_from}}[^,;:\u3002()]{{0,{_MOVED}}}\Z"


class ClaimCandidate(Struct, frozen=True):
    """One way to read a figure: the mentions, and how far their words reach."""

    mentions: tuple[Mention, ...]
    start: int
    end: int
    far: bool = False
    """Whether its words stand in the clause before."""

    @property
    def is_part(self) -> bool:
        """Whether every mention is a part of another."""
        return all(mention.of for mention in self.mentions)


class FigurePlace(Struct, frozen=True):
    """A figure whose claims are looked for."""

    quantity: Quantity
    token: int
    """The index of its token."""
    beside: tuple[str, ...]
    """The topics whose words follow right behind it: `102件申请`."""
    refused: list[tuple[str, Mention | None]]
    """Why it is no claim, each with the mention that was not meant."""


class FigureReading(Struct, frozen=True):
    """What one figure claims; without claims, why it is none of the report's own."""

    quantity: Quantity
    claims: tuple[ClaimCandidate, ...]
    refusal: str = ""


def read_figures(s: SentenceView) -> Iterator[FigureReading]:
    """Every figure outside words and quotation marks, in the order of the text."""
    moved = moved_figures(s)
    alike: tuple[Mention, ...] | None = None
    for quantity in s.all:
        if quantity.start not in s.figures:
            continue
        if moved.get(quantity.start, 0) is None:
            yield FigureReading(quantity, (), OTHER_TIME)
            continue
        figure = _place_of(s, quantity)
        claims = [each for each in _claims(s, figure, moved, alike or ()) if each]
        refused = tuple(mention for _, mention in figure.refused if mention)
        own = claims[0].mentions if claims else refused
        alike = own if alike is None or alike == own else ()
        why = figure.refused[0][0] if figure.refused and not claims else ""
        yield FigureReading(quantity, tuple(claims), why)


def moved_figures(s: SentenceView) -> Mapping[int, int | None]:
    """The figures between which a quantity moves, 由…降至…: by the place of the second where its
    name ends, and None by that of the first."""
    found: dict[int, int | None] = {}
    for first, second in pairwise(s.all):
        between = s.text[first.end : second.start]
        if len(between) > _MOVED or any(mark in between for mark in ",;:()"):
            continue
        begin = max(0, first.start - _MOVED)
        led = s.g.pattern(_MOVED_FROM).search(s.text, begin, first.start)
        if led and s.g.pattern("{moves}{moves_to}").search(between):
            found[first.start], found[second.start] = None, led.start()
    return found


def _place_of(s: SentenceView, quantity: Quantity) -> FigurePlace:
    """A figure, with the topics right behind it."""
    index = s.figures[quantity.start]
    beside = []
    for at in s.span(index + 1):
        topic = s.topics[at]
        if topic and topic not in s.g.decoys:
            beside.append(topic)
        elif not s.tokens[at].meaning.is_glue:
            break
    return FigurePlace(quantity, index, tuple(beside), [])


def _claims(
    s: SentenceView,
    figure: FigurePlace,
    moved: Mapping[int, int | None],
    alike: tuple[Mention, ...],
) -> Iterator[ClaimCandidate | None]:
    """What a figure claims; `alike` are the mentions of all the figures before it."""
    start = figure.quantity.start
    place = moved.get(start)
    if start in s.pairs:
        floor, end = s.pairs[start]
        # The noun stands once, behind the last name: 自然人、法人提出的申请分别为3件、2件.
        shared = {topic for topic in s.topics[s.index(floor) : figure.token] if topic in s.g.weak}
        figure = replace(figure, beside=(*figure.beside, *sorted(map(str, shared))))
        yield _claim_in_front(s, figure, s.index(end), s.index(floor))
    elif place is not None:
        yield _claim_in_front(s, figure, s.index(place))
    else:
        found = [each for each in _claims_beside(s, figure) if each]
        yield from found
        if not found:
            yield _topic_behind(s, figure) or _sum_of(s, figure, alike)


def _claims_beside(s: SentenceView, figure: FigurePlace) -> Iterator[ClaimCandidate | None]:
    """What the words on either side of a figure claim, and what the next clause adds."""
    right = _claim_behind(s, figure)
    left = _claim_in_front(s, figure)
    if right and left and right.mentions != left.mentions:
        if left.far or (right.is_part and not left.is_part):
            left = None
        elif not (left.is_part and not right.is_part):
            return  # two claims for one figure: either may be meant
    yield left or right
    yield _going_on(s, figure)


# --- what mentions ask ----------------------------------------------------------------------------
def _able(
    s: SentenceView, figure: FigurePlace, side: str, at: int, topics: Sequence[str], start: int = -1
) -> list[Mention]:
    """The mentions of the head at a token that fit the unit, the topic and the place."""
    token = s.tokens[at]
    start = token.start if start < 0 else start
    beside = (s.topics[at], *figure.beside)
    found: list[Mention] = []
    for head in sorted(token.meaning.heads):
        for mention in s.g.claimed(side, head):
            if not _counts(s.g, mention, head, figure.quantity):
                continue
            if not on_topic(s, mention, start, topics, beside):
                continue
            why = refusal(s, mention, start, max(figure.quantity.end, token.end))
            if not why and mention.of and _is_in_list_of_papers(s, figure, start):
                why = OTHER_MATTER
            if why:
                figure.refused.append((why, mention))
            elif mention not in found:
                found.append(mention)
    return found


def _counts(g: Grammar, mention: Mention, head: str, quantity: Quantity) -> bool:
    """Whether the figure is of the kind that the mention counts."""
    if head in mention.zero:
        return not quantity.value
    if mention.percent is not None:
        return quantity.unit == PERCENT and quantity.value == mention.percent
    return has_unit(g, mention, quantity)


def _is_named(
    s: SentenceView, figure: FigurePlace, mention: Mention, topics: Sequence[str], start: int
) -> bool:
    """Whether a mention may be claimed by its topic alone, in words from `start` on."""
    if not has_unit(s.g, mention, figure.quantity):
        return False
    if not on_topic(s, mention, start, topics, figure.beside):
        return False
    why = refusal(s, mention, start, figure.quantity.end)
    if not why:
        is_weak = mention.topic in s.g.weak
        other = _is_beside_papers(s, figure, start) if is_weak else _is_item(s, mention, start)
        why = OTHER_MATTER if other else ""
    if why:
        figure.refused.append((why, mention))
    return not why


def is_negated(s: SentenceView, at: int) -> bool:
    """Whether the word in front turns a head into its opposite, or into something else."""
    before = s.tokens[at - 1].meaning if at else None
    return before is not None and (
        "none" in before.marks or "never" in before.marks or OTHERWISE in before.heads
    )


def _is_item(s: SentenceView, mention: Mention, start: int) -> bool:
    """Whether a place stands in a list of what the form has no boxes for."""
    for at in range(s.index(s.clause(start)), s.index(start)):
        meaning = s.tokens[at].meaning
        if OTHERWISE in meaning.heads and not meaning.is_glue:
            return True
    mark = s.list_mark(start)
    if mark < 0 or s.topic(s.tokens[mark].start) not in s.g.decoys:
        return False
    return _heads_of_total(s, mark).isdisjoint(mention.before)


def _heads_of_total(s: SentenceView, mark: int) -> frozenset[str]:
    """The heads of the total of a list that begins at a token; `OTHERWISE` for a total of what
    the form has no boxes for, and none where the topic alone says what it counts."""
    decoy = False
    total = next((at for at in s.span_left(mark) if s.tokens[at].quantity), -1)
    for at in s.span_left(total - 1):
        token, topic = s.tokens[at], s.topics[at]
        heads = token.meaning.heads
        if token.mark in ENDS or token.quantity is not None:
            break
        if topic in s.g.decoys:
            decoy = True
            continue
        if topic and s.word(at) not in s.g.set("not_alone"):
            break
        if heads and (not token.meaning.is_glue or not heads.isdisjoint(s.g.words("papers"))):
            return heads
    return frozenset((OTHERWISE,)) if decoy else frozenset()


def _is_in_list_of_papers(s: SentenceView, figure: FigurePlace, start: int) -> bool:
    """Whether a place stands in a list that divides papers and not answers: by its total
    (`制发349条，其中……不予公开52条`), or beside a part that was published of itself."""
    mark = s.list_mark(start, first=True)
    other = (*s.g.words("papers"), OTHERWISE)
    if mark >= 0 and not _heads_of_total(s, mark).isdisjoint(other):
        return True
    return _is_beside_papers(s, figure, start)


def _is_beside_papers(s: SentenceView, figure: FigurePlace, start: int) -> bool:
    """Whether what was published of itself is counted in front, in the same unit and with
    nothing between that was applied for: `主动公开326条，依申请公开0条`."""
    asked = s.g.set("governing") - {"issue"}
    posted = False
    for at in range(s.index(s.stretch(start)), s.index(start)):
        token = s.tokens[at]
        if token.mark == ";":
            posted = False
        elif not asked.isdisjoint(token.meaning.heads):
            return False
        elif "posts" in token.meaning.heads:
            behind = (t.quantity for t in s.tokens[at + 1 : at + 6] if t.quantity)
            posted = next(behind, figure.quantity).unit == figure.quantity.unit
    return posted


# --- words in front of a figure -------------------------------------------------------------------
class _Walk:
    """How far the words in front of a figure were read, and what they named."""

    def __init__(self, first: int, floor: int) -> None:
        self.at, self.floor = first - 1, floor
        self.first = first
        self.topics: list[str] = []
        """Nearest first."""
        self.named = -1
        """The token of the topic that is nearest."""
        self.pause = -1
        """The mark that was stepped over, and how many topics were named behind it."""
        self.behind_pause = 0
        self.governed = False
        """Whether a topic was named that a head may govern from afar."""
        self.gap = 0
        """Characters between the two."""


def _claim_in_front(
    s: SentenceView, figure: FigurePlace, last: int = -1, floor: int = 0
) -> ClaimCandidate | None:
    """The claim of the words in front of a figure, or of those that end at token `last`."""
    walk = _Walk(figure.token if last < 0 else last, floor)
    limit = s.tokens[walk.first].start - _REACH if walk.first < len(s.tokens) else 0
    while walk.at >= floor and (walk.gap or s.tokens[walk.at].start >= limit):
        token = s.tokens[walk.at]
        if token.quantity is not None:
            break
        if token.mark:
            if not _steps_over(s, walk, token):
                break
            continue
        if token.meaning.heads and not is_negated(s, walk.at):
            claim = _claim_of_head(s, figure, walk)
            if claim is not None:
                return replace(claim, far=True) if walk.pause >= 0 else claim
        if not walk.gap and s.topics[walk.at] in s.g.decoys:
            figure.refused.append((OTHER_MATTER, None))
            return None
        if not _goes_on(s, figure, walk, token):
            break
        walk.at -= 1
    return _claim_of_topic(s, figure, walk) if walk.named >= 0 else None


def _steps_over(s: SentenceView, walk: _Walk, token: ProseToken) -> bool:
    """Whether a mark is none to the walk: a bracket without figures, a quotation mark, one
    pause, and the marks of a list within what a head governs from afar."""
    opened = s.partner.get(walk.at, -1) if token.mark in ")]\u3011" else -1
    touches = walk.at == walk.first - 1
    if 0 <= opened < walk.at and (touches or not s.has_figure(s.tokens[opened].start, token.start)):
        walk.at = opened - 1
        return True
    if token.mark == LISTED and walk.governed:
        walk.gap += 1
    elif token.mark in _PAUSES and walk.pause < 0 and not walk.gap:
        if token.mark == "," and touches:
            return False
        walk.pause, walk.behind_pause = walk.at, len(walk.topics)
    elif token.mark not in _QUOTES:
        return False
    walk.at -= 1
    return True


def _goes_on(s: SentenceView, figure: FigurePlace, walk: _Walk, token: ProseToken) -> bool:
    """Whether a word changes nothing, or what it adds was noted."""
    topic, meaning = s.topics[walk.at], token.meaning
    if walk.gap:
        walk.gap += token.end - token.start
        return walk.gap <= _GAP
    if topic:
        walk.topics.append(topic)
        walk.named = walk.at if walk.named < 0 else walk.named
        walk.governed = walk.governed or token.end - token.start >= _STRONG
    elif meaning.heads and not meaning.is_glue:
        if OTHERWISE in meaning.heads:
            figure.refused.append((OTHER_MATTER, None))
            walk.named = -1
        return False
    elif not meaning.is_passed:
        if not walk.governed or not (token.is_unknown or "applied" in meaning.marks):
            return False
        walk.gap = token.end - token.start
    return True


def _claim_of_head(s: SentenceView, figure: FigurePlace, walk: _Walk) -> ClaimCandidate | None:
    """The claim of the head at a token and of those joined to it: 收到并答复."""
    if walk.gap and s.g.set("governing").isdisjoint(s.tokens[walk.at].meaning.heads):
        return None
    found = _able(s, figure, "before", walk.at, walk.topics)
    if not found:
        return None
    first, end = walk.at, figure.quantity.end
    if first and s.tokens[first - 1].meaning.heads:
        # A head that tells which part of another it is: 重复申请不予处理3件.
        wholes = {mention.key for mention in found}
        finer = _able(s, figure, "before", first - 1, walk.topics)
        finer = [each for each in finer if each.of in wholes]
        if finer:
            return ClaimCandidate(tuple(finer), s.tokens[first - 1].start, end)
    while (joined := _joined(s.tokens, first)) >= walk.floor:
        more = _able(s, figure, "before", joined, walk.topics)
        more = [each for each in more if each not in found and not each.of]
        if not more:
            break
        found += more
        first = joined
    return ClaimCandidate(tuple(found), s.tokens[first].start, end)


def _joined(tokens: Sequence[ProseToken], at: int) -> int:
    """The head that is joined to the one at a token by a word such as 并; -1 for none."""
    seen = False
    for before in range(at - 1, max(-1, at - 4), -1):
        token = tokens[before]
        if token.meaning.heads and seen and "and" not in token.meaning.marks:
            return before
        if "and" in token.meaning.marks or token.mark == LISTED:
            seen = True
        elif not token.meaning.is_glue:
            return -1
    return -1


def _claim_of_topic(s: SentenceView, figure: FigurePlace, walk: _Walk) -> ClaimCandidate | None:
    """The claim of a topic that stands in front of a figure without a head."""
    token, topics, stopped = s.tokens[walk.named], walk.topics, walk.at
    end = figure.quantity.end
    if walk.named > walk.pause >= 0:
        stopped, topics = walk.pause, topics[: walk.behind_pause]
    elif walk.gap and stopped >= 0 and s.tokens[stopped].quantity is not None:
        stopped += 1  # the mark between two items of a list: 规章1件、规范性文件5件
    for mention in s.g.wordings.mentions:
        if not mention.named or mention.topic != topics[0]:
            continue
        if mention.named == "alone":
            if s.word(walk.named) in s.g.set("not_alone"):
                continue
            if not _opens(s, mention, token.start, stopped):
                continue
            governed = _coordinate(s, figure, mention, topics, token.start, stopped)
            if governed is not None:
                return ClaimCandidate(governed, token.start, end) if governed else None
        if _is_named(s, figure, mention, topics, token.start):
            return ClaimCandidate((mention,), token.start, end)
    return None


def _coordinate(
    s: SentenceView,
    figure: FigurePlace,
    mention: Mention,
    topics: Sequence[str],
    start: int,
    stopped: int,
) -> tuple[Mention, ...] | None:
    """What the head of the item before claims here too: `主动公开规章12件，规范性文件4件`; None
    where the mention may have it itself. Behind `、` it has none without that head."""
    if stopped < 1 or s.tokens[stopped].mark not in (",", LISTED):
        return None
    alone = () if s.tokens[stopped].mark == LISTED else None
    if mention.topic in s.g.weak or s.tokens[stopped - 1].quantity is None:
        return alone
    for at in s.span_left(stopped - 2):
        token, heads = s.tokens[at], s.tokens[at].meaning.heads
        if token.mark or token.quantity is not None:
            return alone
        is_plain = not token.meaning.is_glue and not s.topics[at]
        shown = not heads.isdisjoint(_SHOWN)
        if heads and (is_plain or shown):
            if not heads.isdisjoint(mention.before):
                return None
            found = _able(s, figure, "before", at, topics, start)
            found = [each for each in found if each.topic == mention.topic]
            return tuple(found) if found or shown else alone
    return alone


def _opens(s: SentenceView, mention: Mention, start: int, stopped: int) -> bool:
    """Whether nothing but small words stands in front of a place in its clause, and no list but
    one of papers that were made: `制发公文88件，其中规范性文件3件`."""
    mark = s.list_mark(start)
    if mark >= 0 and (
        mention.topic in s.g.weak or _heads_of_total(s, mark).isdisjoint(mention.before)
    ):
        return False
    if stopped < 0 or stopped == mark:
        return True
    token = s.tokens[stopped]
    if token.quantity is not None:
        return token.quantity.unit in s.g.set("persons")
    return bool(token.mark) and token.mark != "("


def _sum_of(
    s: SentenceView, figure: FigurePlace, mentions: Sequence[Mention]
) -> ClaimCandidate | None:
    """The claim of a figure that sums up those before it: `上半年18件，下半年30件，共48件`."""
    sums, at = False, figure.token
    lowest = max(0, figure.token - len(s.span(0)))
    while at > lowest and s.tokens[at - 1].meaning.is_passed and not s.topics[at - 1]:
        at -= 1
        sums = sums or "sum" in s.tokens[at].meaning.marks
    if not sums or (at and not s.tokens[at - 1].mark):
        return None
    start, end = s.tokens[at].start, figure.quantity.end
    found = [
        each
        for each in mentions
        if not each.of and has_unit(s.g, each, figure.quantity) and not refusal(s, each, start, end)
    ]
    return ClaimCandidate(tuple(found), start, end) if found else None


# --- words behind a figure ------------------------------------------------------------------------
def _claim_behind(s: SentenceView, figure: FigurePlace, first: int = -1) -> ClaimCandidate | None:
    """The claim whose words begin behind the figure, unless they belong to the next one."""
    start = figure.quantity.start
    for at in s.span(figure.token + 1 if first < 0 else first):
        token = s.tokens[at]
        if token.quantity is not None or token.start > figure.quantity.end + _REACH:
            return None
        if token.mark and token.mark in _QUOTES:
            continue
        if token.mark or token.is_unknown:
            return None
        if token.meaning.heads and not is_negated(s, at):
            topics = [topic for topic in s.topics[figure.token + 1 : at] if topic]
            able = _able(s, figure, "after", at, topics, start)
            if able and not _is_other_word(s, at) and not _leads_on(s, at + 1):
                return ClaimCandidate(tuple(able), start, token.end)
            if not token.meaning.is_glue and s.topics[at] is None:
                return None
        if s.topics[at] in s.g.decoys:
            return None
    return None


def _is_other_word(s: SentenceView, at: int) -> bool:
    """Whether the text goes on with a word, so that it may be another, or how and not how
    many: 受理点, 答复不及时."""
    if at + 1 == len(s.tokens):
        return False
    behind = s.tokens[at + 1]
    return behind.is_unknown or "none" in behind.meaning.marks or "never" in behind.meaning.marks


def _leads_on(s: SentenceView, first: int) -> bool:
    """Whether nothing but small words and topics stands between a token and a figure."""
    at = s.beyond(s.span(first), times=True)
    quantity = s.tokens[at].quantity if at >= 0 else None
    return quantity is not None and quantity.unit != PERCENT


def _topic_behind(s: SentenceView, figure: FigurePlace) -> ClaimCandidate | None:
    """The claim of a topic that stands behind its figure: `发生1起涉及某事的行政复议案件`."""
    last, unknown = -1, 0
    for at in s.span(figure.token + 1):
        token, topic = s.tokens[at], s.topics[at]
        if token.mark or token.quantity is not None:
            break
        if topic in s.g.decoys or "none" in token.meaning.marks:
            return None
        unknown += token.end - token.start if token.is_unknown else 0
        if topic and topic not in s.g.weak:
            last = at
    if last < 0 or unknown > _MODIFYING:
        return None
    between = s.topics[figure.token + 1 : last + 1]
    whole = replace(figure, beside=tuple(each for each in between if each))
    for mention in s.g.wordings.mentions:
        if mention.named != "always" or mention.topic != s.topics[last]:
            continue
        if _is_named(s, whole, mention, (), figure.quantity.start):
            return ClaimCandidate((mention,), figure.quantity.start, s.tokens[last].end)
    return None


def _going_on(s: SentenceView, figure: FigurePlace) -> ClaimCandidate | None:
    """What the next clause, if it has no figure, says of this one: `复议1件，为其他结果`."""
    index = figure.token + 1
    if index + 1 >= len(s.tokens) or s.tokens[index].mark != ",":
        return None
    if not s.text.startswith(s.g.words("goes_on"), s.tokens[index].end):
        return None
    for at in s.span(index + 1):
        if s.tokens[at].quantity is not None:
            return None
        if s.tokens[at].mark in ENDS:
            break
    claim = _claim_behind(s, figure, index + 1)
    return claim if claim and claim.is_part else None
