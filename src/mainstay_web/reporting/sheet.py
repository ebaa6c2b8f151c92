"""The form of a questionnaire for one day: its lines with the figures before, and the rows that it sends."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from mainstay_web.accounts.models import Organisation
from mainstay_web.reporting import queries
from mainstay_web.reporting.models import Measure, Questionnaire, QuestionnaireLine, Report, ReportFinding


@dataclass
class Line:
    """One figure that is asked: what was typed, what stood before, what was found."""

    line: QuestionnaireLine
    item: queries.Item
    before: Report | None
    quantity: str = ""
    blocker: str = ""
    findings: list[ReportFinding] = field(default_factory=list)

    @property
    def asks_blocker(self) -> bool:
        """Only a capacity has something that blocks the rest of it."""
        return self.line.measure == Measure.CAPACITY

    @property
    def is_filled(self) -> bool:
        """Whether anything was typed."""
        return bool(self.quantity or self.blocker)

    def row(self, day: str) -> dict[str, str]:
        """The line as a row of the table ``reports``."""
        return {
            "item": self.line.item,
            "measure": self.line.measure,
            "basis": self.line.basis,
            "date": day,
            "quantity": self.quantity,
            "unit": self.item.unit,
            "blocker": self.blocker,
        }


def lines_of(questionnaire: Questionnaire, organisation: Organisation, day: date) -> list[Line]:
    """The lines with the figures of the day and of the weeks before; what this reporter reports stands first."""
    items = queries.items()
    before = queries.before(organisation, day)
    today = {
        (r.item, r.measure, r.basis): r
        for r in Report.objects.filter(organisation=organisation, date=day, is_current=True)
    }
    lines = []
    for line in questionnaire.lines.all():
        asked = (line.item, line.measure, line.basis)
        said = today.get(asked)
        lines.append(
            Line(
                line,
                items.get(line.item) or queries.Item(line.item, line.item, "", ""),
                before.get(asked),
                f"{said.quantity:.15g}" if said else "",
                said.blocker if said else "",
            )
        )
    return sorted(lines, key=lambda each: not (each.before or each.quantity))


def fill(lines: list[Line], data: Mapping[str, str]) -> list[Line]:
    """Put what was typed into the lines; gives those that have something."""
    for line in lines:
        line.quantity = data.get(f"q{line.line.pk}", "").strip()
        line.blocker = data.get(f"b{line.line.pk}", "").strip()
    return [line for line in lines if line.is_filled]
