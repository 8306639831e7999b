"""What a report says in sentences: where each stands, its figures, and what they claim to be.

Read by `auditor.prose`, judged by `auditor.checks.prose`. Offsets count characters of
`Sentence.text`; figures that are no counts (dates, document and telephone numbers) are left out.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from msgspec import Struct

from auditor.model.source import Origin


class Sentence(Struct, frozen=True):
    """Text up to a full stop, as printed, without line breaks and blanks between characters."""

    text: str
    section: str
    """Key of the form's section it stands in; `preamble` before the first."""
    paragraph: int
    """Number of its paragraph, where the document shows paragraphs; equal means together."""
    origin: Origin
    """Where it begins."""


class Quote(Struct, frozen=True):
    """A sentence as evidence, with the stretches that matter."""

    text: str
    marks: tuple[tuple[int, int], ...]
    origin: Origin


class Quantity(Struct, frozen=True):
    """One count, amount or percentage in a sentence."""

    sentence: int
    start: int
    end: int
    """Behind the unit."""
    raw: str
    value: Decimal
    """In units of one: `2.3万` is 23000; of `unit` 元 for amounts, of one per cent for `%`."""
    step: Decimal
    """Place value of the last printed digit, scaled as `value`."""
    unit: str
    """The classifier as printed (`件`, `项`, `条` …), `元`, `%`, or empty."""
    origin: Origin
    vague: bool = False
    """With 约, 近, 余, 多, 以上: not to be compared exactly."""
    scale: str = ""
    """`万` or `亿` where the figure is printed with it."""


class Claim(Struct, frozen=True):
    """A claim about a quantity of the form: a figure, or words that imply one (`未收到`: 0)."""

    mention: str
    sentence: int
    start: int
    end: int
    """The words that make the claim, figure included."""
    value: Decimal
    step: Decimal
    origin: Origin
    unit: str = ""
    vague: bool = False
    wide: bool = False
    """Of more than the reporting agency: 全市, 全系统 …"""
    quantity: Quantity | None = None
    """None where words alone make the claim."""
    denied: bool = False
    """Whether the words say that there was none."""
    outside: Decimal = Decimal(0)
    """What the text says is not in the figure: 828件（不含简易程序2件）."""


class Part(Struct, frozen=True):
    """One figure of a list, and where in the list it stands."""

    figure: Quantity
    nested: tuple[Quantity, ...] = ()
    """Figures in brackets behind it: of a lower level, as a rule."""
    clause: int = 0
    """Number of its clause; clauses end at commas."""
    stretch: int = 0
    """Number of its stretch; stretches end at semicolons."""
    inner: bool = False
    """Behind a list marker within the list: perhaps of a lower level."""
    joined: bool = False
    """Follows the part before it in one enumeration (`、`): no list ends between them."""


class Breakdown(Struct, frozen=True):
    """A total and the parts printed after it: `共316条，其中……78条、……175条`."""

    total: Quantity
    """The figure in front of the list."""
    parts: tuple[Part, ...]
    others: tuple[Quantity, ...] = ()
    """Further figures in front that may be the total, or a part of it, nearest first."""
    following: tuple[Quantity, ...] = ()
    """Figures of the next sentences that may belong to the list."""
    open: bool = False
    """With 等, 主要 or approximate figures: the parts may come to less than the total."""
    closed: bool = False
    """With 其余, 其他: the parts are all there are."""
    loose: bool = False
    """Begun by words that begin other things too, such as 分别 far behind the total."""

    @property
    def figures(self) -> tuple[Quantity, ...]:
        """The figures of the parts."""
        return tuple(part.figure for part in self.parts)


class Share(Struct, frozen=True):
    """A printed percentage and the figure it is of: `1156件，占70.44%`."""

    part: Quantity
    percent: Quantity
    bases: tuple[Quantity, ...]
    """Figures of which it may be the share, nearest first."""
    total: Quantity | None = None
    """The only figure it can be the share of: the total of a list in which it stands."""


class Growth(Struct, frozen=True):
    """A comparison with last year: `同比增长70.3%`, `比上年减少3件`."""

    figure: Quantity
    """This year's figure."""
    change: Quantity
    """The percentage or the difference, always positive."""
    falls: bool
    mention: str | None = None
    """The quantity of the form that `figure` claims to be."""
    last: Quantity | None = None
    """Last year's figure where the sentence itself prints it."""
    difference: Quantity | None = None
    """The difference where it is printed beside a percentage."""
    is_yearly: bool = True
    """False where the year compared with is not the one before."""
    is_sure: bool = True
    """False where another figure right before it may be the one compared."""


class Published(Struct, frozen=True):
    """How many pieces the agency says it published in the year, on its site or in all."""

    figure: Quantity
    start: int
    end: int
    """The clause that says so."""
    general: bool
    """With words for all that was published, such as 主动公开信息共计."""


class Printed(Struct, frozen=True):
    """A piece of text that was looked for and found."""

    text: str
    origin: Origin


class Heading(Struct, frozen=True):
    """A section heading as found: which section, and the enumerator printed in front of it."""

    section: str
    printed: Printed
    number: int | None
    """What 一、 二、 … counts; None where no enumerator is printed."""


class Passage(Struct, frozen=True):
    """A stretch of a sentence that was looked for and found."""

    text: str
    sentence: int
    start: int
    end: int
    origin: Origin


class StaleYear(Struct, frozen=True):
    """A year in a sentence that speaks of this year's work and is not the report's."""

    year: int
    sentence: int
    start: int
    end: int
    origin: Origin


class Metadata(Struct, frozen=True):
    """Title, period, signature and whatever else the form asks for besides figures."""

    title: Printed | None = None
    title_agency: str | None = None
    title_year: int | None = None
    signature: Printed | None = None
    """The agency's name under the report."""
    signed: Printed | None = None
    signed_on: date | None = None
    published: Printed | None = None
    """The date that a web page prints, 发布时间: not the author's own words."""
    published_on: date | None = None
    period: Printed | None = None
    period_start: date | None = None
    period_end: date | None = None
    contents: tuple[tuple[str, str], ...] = ()
    """Per section, its text as it was read (one form of each character, no blanks), without the
    signature."""
    misplaced: tuple[Heading, ...] = ()
    """Headings that stand where another section's belongs."""
    unseen: tuple[str, ...] = ()
    """Sections of whose heading there is no trace behind the preamble, in any wording."""
    cited: tuple[Passage, ...] = ()
    """Official notices on the form itself, by their numbers: `〔2021〕30号`."""
    stale_years: tuple[StaleYear, ...] = ()
    leftovers: tuple[Passage, ...] = ()
    """Instructions or placeholders of the template that stand in the text."""

    def content(self, section: str) -> str:
        """The text of one section, empty where nothing stands in it."""
        return dict(self.contents).get(section, "")


class Counted(Struct, frozen=True):
    """What became of one count of the text."""

    sentence: int
    start: int
    end: int
    state: str
    """`matched` with a quantity of the form, compared `within` the text, set `apart`, `unread`."""
    why: str = ""
    """The mention that it was matched with, or why it was set apart: `time`, `body`, `matter`,
    `unit`."""


class Prose(Struct, frozen=True):
    """Everything read outside the tables."""

    sentences: tuple[Sentence, ...] = ()
    headings: tuple[Heading, ...] = ()
    quantities: tuple[Quantity, ...] = ()
    claims: tuple[Claim, ...] = ()
    breakdowns: tuple[Breakdown, ...] = ()
    shares: tuple[Share, ...] = ()
    growths: tuple[Growth, ...] = ()
    published: tuple[Published, ...] = ()
    metadata: Metadata = Metadata()
    counted: tuple[Counted, ...] = ()

    def coverage(self) -> dict[str, int]:
        """How many counts were matched, compared within the text, set apart (by reason), unread."""
        states = dict.fromkeys(("figures", "matched", "within", "apart", "unread"), 0)
        whys: dict[str, int] = {}
        for each in self.counted:
            states["figures"] += 1
            states[each.state] += 1
            if each.state == "apart":
                whys[each.why] = whys.get(each.why, 0) + 1
        return states | {f"apart:{why}": count for why, count in sorted(whys.items())}

    def quote(self, sentence: int, *marks: tuple[int, int], origin: Origin | None = None) -> Quote:
        """A sentence with stretches of it marked; `origin` where the first of them stands."""
        said = self.sentences[sentence]
        return Quote(said.text, tuple(sorted(marks)), origin or said.origin)

    def of(self, mention: str) -> tuple[Claim, ...]:
        """The claims about one quantity, in the order in which they stand."""
        return tuple(said for said in self.claims if said.mention == mention)

    def within(self, section: str) -> tuple[Sentence, ...]:
        """The sentences of one section."""
        return tuple(each for each in self.sentences if each.section == section)
