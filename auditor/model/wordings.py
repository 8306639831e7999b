"""How one edition of a form is spoken of in sentences, as data from `prose.yaml`.

A `Mention` is a quantity that prose may state; it says by which words it is told and which cells or
sums it may equal. Words are plain texts, never patterns, so that reading them takes linear time.
"""

from __future__ import annotations

from typing import Literal

from msgspec import Struct

from auditor.model import Words
from auditor.model.check import Alternative, Severity


class SectionForm(Struct, frozen=True, rename={"key": "id"}):
    """One section of the report: its number and the wordings of its heading."""

    key: str
    number: int
    headings: tuple[str, ...]
    """Wordings of the heading, without its number."""
    table: str | None = None
    """Key of the table that stands in it."""

    @property
    def is_first(self) -> bool:
        """Whether the preamble, which lists all sections, stands right before it."""
        return self.number == 1


class Topic(Struct, frozen=True, rename={"key": "id"}):
    """What a stretch of text is about; a figure belongs to the topic named last before it."""

    key: str
    words: tuple[str, ...]
    """Words that name it."""
    sections: tuple[str, ...] = ()
    """Sections that are about it before any topic is named."""
    weak: bool = False
    """True where other topics' sentences name it too, as 政府信息公开 is: it yields to them."""
    decoy: bool = False
    """True for what the form has no boxes for, such as letters to the mayor."""


class MentionWords(Struct, frozen=True, rename={"key": "id"}):
    """A quantity that sentences state, and how they word it."""

    key: str
    """The name that rules use."""
    label: Words
    topic: str
    """Which must have been named, there or before."""
    before: tuple[str, ...] = ()
    """Heads that claim a figure behind them."""
    after: tuple[str, ...] = ()
    """Heads that claim a figure in front of them."""
    named: Literal["always", "alone"] | None = None
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
    """The section in which `near` is not asked for."""
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


class Mention(MentionWords, frozen=True):
    """A quantity that sentences state, with the cells or sums that it may equal."""

    equals: tuple[Alternative, ...] = ()


class WordLists(Struct, frozen=True):
    """The words of single readers. A list that is left out is empty."""

    among: str = ""
    """In front of the parts of a figure: 其中."""
    parted: tuple[str, ...] = ()
    """Between two figures of one word: the second is a part of the first."""
    goes_on: tuple[str, ...] = ()
    """Behind a comma: the clause goes on about the figure before it."""
    never_behind: tuple[str, ...] = ()
    """In front of a figure: it is no count."""
    never_behind_unit: tuple[str, ...] = ()
    """Behind its unit: it is no count."""
    never_before: tuple[str, ...] = ()
    """Behind a figure: it is no count."""
    elsewhere: tuple[str, ...] = ()
    """In the clause in front of a claim: it is about something else."""
    on_behalf: tuple[str, ...] = ()
    """The same, unless the agency names itself there."""
    table_words: tuple[str, ...] = ()
    """Two of them in a sentence: it speaks of the form's own table."""
    not_ours: tuple[str, ...] = ()
    """In the clause of a claim, or in the bracket behind it: not of this form's kind."""
    other_times: tuple[str, ...] = ()
    """From here on the sentence is of another time, until a semicolon or `this_year`."""
    past_times: tuple[str, ...] = ()
    """The same, but that a denial in a later clause is of the report's year again."""
    this_year: tuple[str, ...] = ()
    """Back to the report's own year."""
    since: tuple[str, ...] = ()
    """Behind a year: of all years from it on."""
    attributive: tuple[str, ...] = ()
    """Behind words in front of a noun that they describe."""
    month_ends: tuple[str, ...] = ()
    """Behind a month: its last day."""
    other_bodies: tuple[str, ...] = ()
    """From here on the agency acts for others, until it names itself."""
    bodies: tuple[str, ...] = ()
    """What names of bodies end with where they are the subject of a claim."""
    own_parts: tuple[str, ...] = ()
    """The agency's own level: a part, once figures of a wider scope were told."""
    own_marks: tuple[str, ...] = ()
    """In front of the noun alone: it is the agency."""
    seats: tuple[str, ...] = ()
    """Behind the name of a place: it is what governs it."""
    apart: tuple[str, ...] = ()
    """Those of them that are not of the whole even where they are told as the whole's."""
    levels: tuple[str, ...] = ()
    """The levels of government."""
    objects: tuple[str, ...] = ()
    """In front of a body's name: it is no subject."""
    moves_from: tuple[str, ...] = ()
    """In front of what a quantity was: 由5件."""
    moves: tuple[str, ...] = ()
    """How it moved: 下降."""
    moves_to: tuple[str, ...] = ()
    """In front of what it is: 到3件."""
    guarded: tuple[str, ...] = ()
    """Words that name a topic only where they stand free."""
    not_alone: tuple[str, ...] = ()
    """Words that name disclosure, and no application."""
    excluding: tuple[str, ...] = ()
    """In a bracket behind a figure: what stands there is not in it."""
    papers: tuple[str, ...] = ()
    """Heads whose figures are divided by other kinds than answers are."""
    closing: tuple[str, ...] = ()
    """The last word of a clause that goes on with a denial."""
    governing: tuple[str, ...] = ()
    """Heads that govern a topic from afar."""
    parties: tuple[str, ...] = ()
    """Heads that name kinds of applicants."""
    persons: tuple[str, ...] = ()
    """Units of people."""
    year_signs: tuple[str, ...] = ()
    """What may stand behind a year's number."""
    respectively: tuple[str, ...] = ()
    """Names before it and figures behind it pair off, in order."""
    ands: tuple[str, ...] = ()
    """What joins the last of such names."""
    each: tuple[str, ...] = ()
    """Right before a figure: each of the names has it."""
    joints: tuple[str, ...] = ()
    """What may join the words of a denial."""
    listed_units: tuple[str, ...] = ()
    """Units in which the parts of one list may be counted side by side."""
    list_marks: tuple[str, ...] = ()
    """Behind these a list begins, wherever they stand."""
    list_leads: tuple[str, ...] = ()
    """Behind these one begins at the start of a clause."""
    list_hints: tuple[str, ...] = ()
    """A list may begin behind these, but other things too."""
    list_hints_paused: tuple[str, ...] = ()
    """The same, before a comma only."""
    list_view_begins: tuple[str, ...] = ()
    """How a view begins by which a total is divided: 从申请方式看."""
    list_view_ends: tuple[str, ...] = ()
    """And how it ends."""
    list_examples: tuple[str, ...] = ()
    """In front of the first part: the parts are examples."""
    list_and_so_on: tuple[str, ...] = ()
    """The same, right behind a part."""
    list_rest: tuple[str, ...] = ()
    """In front of a part: with it, the list is complete."""
    list_ends: tuple[str, ...] = ()
    """Here a list ends: what follows is outside."""
    compared: tuple[str, ...] = ()
    """In the clause in front of a figure: it is compared with, not counted."""
    share_words: tuple[str, ...] = ()
    """In front of a percentage: it is the share of the figure before."""
    share_fillers: tuple[str, ...] = ()
    """What else may stand there without naming a base."""
    growth_marks: tuple[str, ...] = ()
    """In front of a change: it compares with the year before."""
    growth_joints: tuple[str, ...] = ()
    """The same with the year's number between them: 比2022年."""
    rises: tuple[str, ...] = ()
    """Words of growth."""
    falls: tuple[str, ...] = ()
    """Words of decline."""
    published_verbs: tuple[str, ...] = ()
    """How an agency's own publication is told."""
    published_sums: tuple[str, ...] = ()
    """Words for all of it."""
    published_nouns: tuple[str, ...] = ()
    """What was published."""
    published_units: tuple[str, ...] = ()
    """What it is counted in."""
    published_elsewhere: tuple[str, ...] = ()
    """What makes it another quantity."""
    year_sign: str = ""
    """Behind a year's number in a date."""
    month_sign: str = ""
    """Behind a month's number."""
    day_signs: tuple[str, ...] = ()
    """What may stand behind a day's number."""
    zeros: tuple[str, ...] = ()
    """What else is printed for the digit zero."""
    title_ends: tuple[str, ...] = ()
    """What ends a title."""
    title_never: tuple[str, ...] = ()
    """Behind such words: it is no title."""
    period_words: tuple[str, ...] = ()
    """In front of the period that the figures cover."""
    until: tuple[str, ...] = ()
    """Between its first and its last day."""
    agency_ends: tuple[str, ...] = ()
    """What the names of agencies end with."""
    no_signature: tuple[str, ...] = ()
    """What no signature has in it."""
    published: tuple[str, ...] = ()
    """In front of a date that a web page prints."""
    notice_series: tuple[str, ...] = ()
    """The series that notices on the form are numbered in."""
    instructions: tuple[str, ...] = ()
    """Words of the template that are no part of a report."""
    fill_in: tuple[str, ...] = ()
    """How an instruction in brackets begins."""
    work_done: tuple[str, ...] = ()
    """Work that a report counts."""
    other_years: tuple[str, ...] = ()
    """In a sentence: other years are meant, or an event is dated."""
    plans: tuple[str, ...] = ()
    """In a sentence on the year to come."""
    year_attributes: tuple[str, ...] = ()
    """Right behind a year: it belongs to a date, a span of years or a document."""


class PlainWords(Struct, frozen=True):
    """Words that need no putting together."""

    units: tuple[str, ...] = ()
    """Classifiers that are told from other words behind a figure."""
    counts: tuple[str, ...] = ()
    """Those of them in which cases and documents are counted."""
    vague_before: tuple[str, ...] = ()
    """Words that make a figure vague, in front of it."""
    vague_after: tuple[str, ...] = ()
    """The same, behind it."""
    wide: tuple[str, ...] = ()
    """Words for more than the reporting agency."""
    own: tuple[str, ...] = ()
    """Words for the reporting agency alone."""
    more: WordLists = WordLists()
    """Word lists of single readers."""


class Wordings(PlainWords, frozen=True, kw_only=True):
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
    digits: tuple[tuple[str, int], ...] = ()
    """零, 一, 二 … and what each counts."""
    scales: tuple[tuple[str, int], ...] = ()
    """十, 百, 千, 万, 亿."""

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
