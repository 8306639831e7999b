"""How one edition of a form is spoken of in sentences, as data from `prose.yaml`.

A `Mention` is a quantity that prose may state; it says by which words it is told and which cells or
sums it may equal. Words are plain texts, never patterns, so that reading them takes linear time.
"""

from __future__ import annotations

from auditor.model.address import Words
from auditor.model.check import Alternative, Severity
from auditor.model.noun import noun


@noun
class SectionForm:
    """One section of the report: its number and the wordings of its heading."""

    key: str
    number: int
    headings: tuple[str, ...]
    table: str | None = None
    """Key of the table that stands in it."""

    @property
    def is_first(self) -> bool:
        """Whether the preamble, which lists all sections, stands right before it."""
        return self.number == 1


@noun
class Topic:
    """What a stretch of text is about; a figure belongs to the topic named last before it."""

    key: str
    words: tuple[str, ...]
    sections: tuple[str, ...] = ()
    """Sections that are about it before any topic is named."""
    weak: bool = False
    """True where other topics' sentences name it too, as 政府信息公开 is: it yields to them."""
    decoy: bool = False
    """True for what the form has no boxes for, such as letters to the mayor."""


@noun
class Mention:
    """A quantity that sentences state, how they word it, and what it may equal."""

    key: str
    label: Words
    topic: str
    before: tuple[str, ...] = ()
    """Heads that claim a figure behind them."""
    after: tuple[str, ...] = ()
    """Heads that claim a figure in front of them."""
    named: str | None = None
    """Whether the topic's own words claim a figure: `always`, or `alone` in their clause."""
    all: tuple[str, ...] = ()
    """Heads that claim it behind a word for all: 均已办结."""
    none: tuple[str, ...] = ()
    """Heads that a denial of it may have: 未收到."""
    none_named: bool = False
    """Whether a denial of the topic alone denies it: 无行政复议."""
    zero: tuple[str, ...] = ()
    """Heads that claim it with a figure of zero only: 败诉0件."""
    percent: int | None = None
    """The percentage that claims it: 办结率100%; it has no other figure."""
    loose: tuple[str, ...] = ()
    """Words in a claim that make it one of manner, not of number: 均在法定期限内答复."""
    of_all: bool = False
    """Whether what is said of all says nothing of a figure in front: `8件均已答复`."""
    spreads: tuple[str, ...] = ()
    """Mentions that a figure of zero is of, one by one: 行政复议、行政诉讼均为0件."""
    takes: str | None = None
    """The mention whose figure a claim without one repeats: 均为自然人申请."""
    of: str | None = None
    """The mention that this one is a part of."""
    adds_to: str | None = None
    """The mention of which it may be a part in the table and not in the text."""
    units: tuple[str, ...] = ()
    """Classifiers it may be counted in; empty for the form's usual ones."""
    unless: tuple[str, ...] = ()
    """Words in the same clause that make the figure another quantity."""
    never_as: tuple[str, ...] = ()
    """Wordings of the claim, with the figure for `…`, that make it another quantity: 事项…项."""
    led_by: tuple[str, ...] = ()
    """Words of which one stands before it since the last closed bracket or semicolon."""
    not_led_by: tuple[str, ...] = ()
    """Words of which none stands there."""
    beside: tuple[str, ...] = ()
    """Words of which one stands in the sentence."""
    not_beside: tuple[str, ...] = ()
    """Words of which none stands in the sentence."""
    near: str | None = None
    """A topic that must have been named since the last subheading, except in `at_home`."""
    at_home: str | None = None
    yields_to: str | None = None
    """A mention beside which, in one sentence, this one claims nothing."""
    any_year: bool = False
    """Whether the figure may be told with the year before, as what is carried over is."""
    inherits: bool = True
    """Whether the topic may have been named before the claim."""
    severity: Severity | None = None
    """What is said where no alternative fits; None leaves it to the rule."""
    denied: Severity | None = None
    """What is said where words deny it and the table has some; None leaves it to the rule."""
    equals: tuple[Alternative, ...] = ()


@noun
class Wordings:
    """Everything that reading a report's sentences needs to know of the form."""

    sections: tuple[SectionForm, ...] = ()
    topics: tuple[Topic, ...] = ()
    mentions: tuple[Mention, ...] = ()
    absent: tuple[str, ...] = ()
    """Mentions that only other editions of the form have."""
    heads: tuple[tuple[str, tuple[str, ...]], ...] = ()
    """Words for what is done and what comes of it, by key."""
    compounds: tuple[tuple[tuple[str, ...], str], ...] = ()
    """Rows of heads and times that are one head."""
    times: tuple[tuple[str, tuple[str, ...]], ...] = ()
    """Words for the last, this and the next year."""
    marks: tuple[tuple[str, tuple[str, ...]], ...] = ()
    """Small words, by what they are: glue, and, none, all, cause, applied."""
    units: tuple[str, ...] = ()
    """Classifiers that are told from other words behind a figure."""
    counts: tuple[str, ...] = ()
    """Those of them in which cases and documents are counted."""
    vague_before: tuple[str, ...] = ()
    vague_after: tuple[str, ...] = ()
    wide: tuple[str, ...] = ()
    """Words for more than the reporting agency."""
    own: tuple[str, ...] = ()
    """Words for the reporting agency alone."""
    digits: tuple[tuple[str, int], ...] = ()
    """零, 一, 二 … and what each counts."""
    scales: tuple[tuple[str, int], ...] = ()
    """十, 百, 千, 万, 亿."""
    more: tuple[tuple[str, tuple[str, ...]], ...] = ()
    """Word lists of single readers, by name."""

    def words(self, name: str) -> tuple[str, ...]:
        """The word list of that name; `KeyError` when the form has none."""
        return dict(self.more)[name]

    @property
    def fillers(self) -> tuple[str, ...]:
        """Words that may stand between the words of a claim."""
        return dict(self.marks)["glue"]

    def mention(self, key: str) -> Mention:
        """The mention named `key`; `KeyError` when the form has none."""
        for mention in self.mentions:
            if mention.key == key:
                return mention
        raise KeyError(key)

    def section(self, key: str) -> SectionForm:
        """The section named `key`; `KeyError` when the form has none."""
        for section in self.sections:
            if section.key == key:
                return section
        raise KeyError(key)
