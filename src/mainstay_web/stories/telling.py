"""The story in words, on the terminal: a few lines for each day, and what came of it at the end."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import polars as pl
from django.utils import translation

from mainstay.report.names import Names
from mainstay.report.texts import Text, amount, day, inside, say, share
from mainstay.tables.columns import TIERS
from mainstay_web.directives.models import OPEN, Directive, State
from mainstay_web.directives.replan import HeldUp
from mainstay_web.planning.models import Run
from mainstay_web.planning.words import names_of
from mainstay_web.stories.outcome import Outcome
from mainstay_web.stories.play import Lived
from mainstay_web.stories.story import Story
from mainstay_web.stories.words import WORDS
from mainstay_web.supervision.facts import FULL
from mainstay_web.supervision.models import Mention

MOST = 3
"""Items that a line names."""
LANGUAGES = {"en": "en", "zh": "zh-hans"}


class Teller:
    """Says what happened in one language, ``en`` or ``zh``."""

    def __init__(self, language: str) -> None:
        self.language = language

    def begin(self, story: Story) -> str:
        """What is about to happen."""
        return self._say("begin", days=story.days, horizon=story.horizon)

    def day(self, lived: Lived) -> Iterator[str]:
        """What happened on a day: its head, then its lines."""
        yield self._say("day", number=lived.number, planned=day(lived.planned), day=lived.day.isoformat())
        if lived.received is not None:
            yield self._say("reports", **vars(lived.received))
        if lived.blocked:
            yield from self._blocked(lived)
        for run in lived.plans:
            yield self._say("planned_anew" if lived.blocked else "plan", **self._met(run))
        for issue in lived.issues:
            addressees = issue.directives.values("addressee").distinct().count()
            yield self._say("issued", **issue.counts, addressees=addressees, unaddressed=len(issue.unaddressed))
        if lived.mentions:
            kinds = [each.kind for each in lived.mentions]
            yield self._say(
                "mentions",
                commended=kinds.count(Mention.Kind.COMMENDATION),
                warned=kinds.count(Mention.Kind.WARNING),
            )
        yield self._evening(lived)

    def end(self, outcome: Outcome, names: Names, days: int) -> Iterator[str]:
        """What came of all days: needs met, loss and cost in each life, what the failure cost, directives."""
        yield self._say("outcome", days=days)
        yield from self._table(outcome)
        if "anew" in outcome.lives:
            yield self._failure(outcome)
            yield from self._lost(outcome, names)
        rows = Directive.objects
        done = list(rows.filter(state=State.DONE).values_list("done", "quantity"))
        yield self._say(
            "directives",
            issued=rows.count(),
            done=len(done),
            full=sum(made >= FULL * asked for made, asked in done),
            superseded=rows.filter(state=State.SUPERSEDED).count(),
            open=rows.filter(state__in=OPEN).count(),
        )

    def _say(self, key: str, **parts: Any) -> str:
        said = {name: self._word(part) if isinstance(part, Text) else part for name, part in parts.items()}
        return WORDS[key][0 if self.language == "en" else 1].format(**said)

    def _word(self, text: Text) -> str:
        return str(getattr(text, self.language))

    def _met(self, run: Run) -> dict[str, str]:
        return {tier: _share(run.met.get(tier)) for tier in TIERS}

    def _blocked(self, lived: Lived) -> Iterator[str]:
        first = lived.blocked[0]
        names = names_of(first.issue.run.results)
        with translation.override(LANGUAGES[self.language]):
            blocker = first.get_blocker_display()
        maker = Text(first.addressee.name, first.addressee.name_zh or first.addressee.name)
        yield self._say(
            "blocked", maker=maker, blocker=blocker, number=len(lived.blocked), share=share(first.share or 0.0)
        )
        held = [each for each in lived.held if each.matters][:MOST]
        yield self._say("held", what="; ".join(self._held(names, each) for each in held), answered=lived.answered)

    def _held(self, names: Names, held: HeldUp) -> str:
        item = inside(names.item(held.item))
        return self._say("held_item", item=item, quantity=amount(held.quantity), share=share(held.share))

    def _evening(self, lived: Lived) -> str:
        found = lived.agenda
        decide = 0
        if found is not None:
            decide = sum(map(len, (found.objections, found.unanswered, found.undecided, found.held, found.challenges)))
        return self._say(
            "evening",
            accepted=lived.accepted,
            reported=lived.reported,
            finished=lived.finished,
            reminded=lived.reminded,
            blocked=found.counts["blocked"] if found else 0,
            late=found.counts["late"] if found else 0,
            decide=decide,
        )

    def _table(self, outcome: Outcome) -> Iterator[str]:
        """One row for each life."""
        head = ["", *(self._word(say(tier)) for tier in TIERS), self._say("loss"), self._say("cost")]
        rows = [head]
        for name in outcome.lives:
            met = outcome.met(name)
            rows.append(
                [
                    self._say(name),
                    *(_share(met[tier]) for tier in TIERS),
                    f"{outcome.loss(name):.3f}",
                    self._word(amount(outcome.cost(name))),
                ]
            )
        widths = [max(_width(row[n]) for row in rows) for n in range(len(head))]
        for row in rows:
            cells = [row[0] + " " * (widths[0] - _width(row[0]))]
            cells += [" " * (widths[n] - _width(cell)) + cell for n, cell in enumerate(row) if n]
            yield "  " + "  ".join(cells)

    def _failure(self, outcome: Outcome) -> str:
        cost = outcome.loss("kept") - outcome.loss("undisturbed")
        if cost <= 1e-9:
            return self._say("harmless")
        saved = outcome.loss("kept") - outcome.loss("anew")
        return self._say("failure", cost=f"{cost:.3f}", saved=f"{saved:.3f}", share=f"{saved / cost:.0%}")

    def _lost(self, outcome: Outcome, names: Names) -> Iterator[str]:
        """Where planning anew or the failure changed most, as share of what is lost undisturbed or kept."""
        changed = outcome.lost().with_columns(size=(pl.col("kept") - pl.col("anew")).abs() / pl.col("need"))
        for row in changed.filter(pl.col("size") > 0).sort("size", descending=True).head(MOST).to_dicts():
            figures = {name: amount(row[name]) for name in outcome.lives}
            yield "  " + self._say("lost", item=names.item(row["item"]), tier=say(row["tier"]), **figures)


def _share(value: float | None) -> str:
    return "-" if value is None else share(value)


def _width(text: str) -> int:
    """Columns that a text takes on a terminal: a Chinese character takes two."""
    return sum(2 if ord(letter) > 0x2E7F else 1 for letter in text)
