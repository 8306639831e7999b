"""What was decided about findings before, laid beside the audits of a run; what of it served."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from auditor.cli.files import read_decisions
from auditor.configuration.settings import Settings
from auditor.dispositions.settle import concerns, covers_many, has_expired, settle
from auditor.messages import phrase
from auditor.model.check import Place
from auditor.model.decisions import Decisions
from auditor.model.finding import Audit


class Decided:
    """The files of decisions of a run, each read once."""

    def __init__(self, today: date) -> None:
        self._today = today
        self._files: dict[tuple[str | None, str | None], Decisions] = {}
        self._met: set[Place] = set()
        self._served: set[Place] = set()

    def load(self, settings: Settings) -> Decisions:
        """What the settings' files say. Raises `DefinitionError`."""
        key = settings.baseline, settings.waivers
        if key not in self._files:
            self._files[key] = read_decisions(settings)
        return self._files[key]

    def settle(self, audit: Audit, settings: Settings) -> Audit:
        """The audit with dispositions."""
        decisions = self.load(settings)
        settled = settle(audit, decisions, self._today)
        self._met |= {each.place for each in decisions.accepted if concerns(each, audit.report)}
        self._served |= {
            finding.disposition.place
            for finding in settled.findings
            if finding.disposition is not None and finding.disposition.place is not None
        }
        return settled

    def left_over(self, language: str) -> Iterator[str]:
        """What no report could tell: waivers for many files that none needed, and expired ones."""
        items = {
            item.place: item for decisions in self._files.values() for item in decisions.accepted
        }
        for place, item in items.items():
            code = None
            if has_expired(item, self._today):
                code = "expired" if place not in self._met else None
            elif covers_many(item) and place in self._met - self._served:
                code = "unused"
            if code is not None:
                yield phrase(
                    f"cli-{item.kind.value}-{code}",
                    language,
                    place=place,
                    rule=item.rule,
                    cell=item.address,
                    day=item.expires,
                )
