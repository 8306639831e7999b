"""A figure in; what the words behind it claim, out: `5件予以公开`, `1起涉及某事的行政复议`."""

from __future__ import annotations

from auditor.forms.folding import Folding
from auditor.model.wordings import Wordings
from auditor.prose.contexts import Context
from auditor.prose.lexer import UNKNOWN
from auditor.prose.matching import ENDS, ClaimCandidate, Figure, Matcher, by_head
from auditor.prose.quantities import PERCENT

_QUOTES = frozenset("\u201c\u201d\u300a\u300b")
_REACH = 60
"""Characters that a claim may span behind its figure."""
_MODIFYING = 16
"""Unknown characters between a figure and the topic that it counts."""


class Behind:
    """Reads the words behind figures."""

    def __init__(self, wordings: Wordings, folding: Folding, matcher: Matcher) -> None:
        self._matcher = matcher
        self._table = by_head(wordings, lambda mention: mention.after)
        self._going_on = tuple(map(folding.fold, wordings.words("goes_on")))

    def claim(self, s: Context, figure: Figure, first: int = -1) -> ClaimCandidate | None:
        """The claim whose words begin behind the figure, unless they belong to the next one."""
        start = figure.quantity.start
        for at in s.span(figure.token + 1 if first < 0 else first):
            token = s.tokens[at]
            if token.quantity is not None or token.start > figure.quantity.end + _REACH:
                return None
            if token.mark in _QUOTES and token.mark:
                continue
            if token.mark or token.is_unknown:
                return None
            if token.meaning.heads and not self._matcher.is_negated(s, at):
                topics = [topic for topic in s.topics[figure.token + 1 : at] if topic]
                able = self._matcher.able(s, figure, self._table, at, topics, start)
                if able and not self._is_other_word(s, at) and not self._leads_on(s, at + 1):
                    return ClaimCandidate(tuple(able), start, token.end)
                if not token.meaning.has("glue") and s.topics[at] is None:
                    return None
            if s.topics[at] in self._matcher.decoys:
                return None
        return None

    def _is_other_word(self, s: Context, at: int) -> bool:
        """Whether the text goes on with a word, so that it may be another, or how and not how
        many: 受理点, 答复不及时."""
        behind = s.tokens[at + 1] if at + 1 < len(s.tokens) else None
        if behind is None:
            return False
        meaning = behind.meaning if not behind.mark else UNKNOWN
        return behind.is_unknown or meaning.has("none") or meaning.has("never")

    def _leads_on(self, s: Context, first: int) -> bool:
        """Whether nothing but small words and topics stands between a token and a figure."""
        for at in s.span(first):
            token = s.tokens[at]
            if token.quantity is not None:
                return token.quantity.unit != PERCENT
            if not (token.meaning.has("glue") or s.topics[at] or token.meaning.time):
                return False
        return False

    def named(self, s: Context, figure: Figure) -> ClaimCandidate | None:
        """The claim of a topic that stands behind its figure: `发生1起涉及某事的行政复议案件`."""
        last, unknown = -1, 0
        for at in s.span(figure.token + 1):
            token = s.tokens[at]
            if token.mark or token.quantity is not None:
                break
            if s.topics[at] in self._matcher.decoys or token.meaning.has("none"):
                return None
            unknown += token.end - token.start if token.is_unknown else 0
            if s.topics[at] and s.topics[at] not in self._matcher.scope.weak:
                last = at
        if last < 0 or unknown > _MODIFYING:
            return None
        topic = str(s.topics[last])
        between = s.topics[figure.token + 1 : last + 1]
        whole = figure._replace(beside=tuple(each for each in between if each))
        for mention in self._matcher.mentions:
            if mention.named != "always" or mention.topic != topic:
                continue
            if self._matcher.named(s, whole, mention, (), figure.quantity.start):
                return ClaimCandidate((mention,), figure.quantity.start, s.tokens[last].end)
        return None

    def going_on(self, s: Context, figure: Figure) -> ClaimCandidate | None:
        """What the next clause, if it has no figure, says of this one: `复议1件，为其他结果`."""
        index = figure.token + 1
        if index + 1 >= len(s.tokens) or s.tokens[index].mark != ",":
            return None
        if not s.text.startswith(self._going_on, s.tokens[index].end):
            return None
        for at in s.span(index + 1):
            if s.tokens[at].quantity is not None:
                return None
            if s.tokens[at].mark in ENDS:
                break
        claim = self.claim(s, figure, index + 1)
        return claim if claim and claim.is_part else None
