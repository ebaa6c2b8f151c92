"""What truly happens: the days lived through in the world of ``mainstay.replay``, by what was decided."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta

import polars as pl

from mainstay.replay import History, Known, Life, history, live
from mainstay.replay.results import done_rows
from mainstay.tables import Case
from mainstay_web.accounts.models import Organisation
from mainstay_web.directives.models import Directive, Kind
from mainstay_web.planning.cases import read_snapshot
from mainstay_web.planning.models import Run

AT_ENTERPRISES = (Kind.MAKE, Kind.CONVERT, Kind.LICENSE)
"""Kinds of directives that an enterprise is told as itself; others go to who stands for a place."""


SERVES = pl.format("serve:need:{}@{}/{}:{}/{}", "item", "place", "tier", "used_item", "owner").alias("task")
"""Name of the task that serves, of a row of the table ``service``."""


@dataclass
class Script:
    """The policy that does what plans say, each from its day on; ``seen`` : what was known on mornings."""

    name: str
    plans: dict[date, Run]
    seen: dict[date, Known] = field(default_factory=dict)

    def decide(self, known: Known) -> pl.DataFrame:
        """What the newest plan says, in the names of the world."""
        self.seen[known.day] = known
        made = max(day for day in self.plans if day <= known.day)
        return _in_the_world(decided(self.plans[made]), self.seen[made].names)


def decided(run: Run) -> pl.DataFrame:
    """What a plan decides, and whom it serves, in its daily periods: task, date, extent."""
    told = run.results.table("decisions").select("task", "date", "days", "extent")
    served = run.results.table("service").select(SERVES, "date", "days", extent="quantity")
    rows = pl.concat([told, served], how="vertical_relaxed").filter(pl.col("days") == 1)
    return rows.select("task", "date", "extent").collect()


def _in_the_world(rows: pl.DataFrame, names: Mapping[str, str]) -> pl.DataFrame:
    """Decisions by the names of the world, where several ids of a later case may be parts of one thing."""
    task = pl.col("task")
    for name, group in sorted(names.items(), key=lambda each: -len(each[0])):
        task = task.str.replace(name, group, literal=True)
    return rows.group_by(task, "date", maintain_order=True).agg(pl.col("extent").sum())


def registered(run: Run) -> Case:
    """The case of a run with all that is ever known of it, whatever day it is planned as of."""
    return read_snapshot(run.snapshot.folder).replace(scenario=run.needs, horizon=run.horizon)


def lived(case: Case, script: Script, days: int, every: int) -> Life:
    """The first days of a case as they truly are; the needs that come are those that are planned for on the first.

    every : days from one morning of decisions to the next
    """
    true = history(case, last=case.start + timedelta(days - 1)).true
    known = true.replace(course="needs", horizon=case.horizon)
    return live(History(known, true, true.scenario), script, every=every)


class Truth:
    """What was done on each day of a life, as directives ask for it."""

    def __init__(self, life: Life) -> None:
        self.life = life
        self._done: dict[tuple[str, str, date], float] = {}
        for kind, read in READERS.items():
            frame = read(life, done_rows(life, [kind] if kind != "make" else ["make", "release"]))
            for code, key, day, quantity in frame.select("code", "key", "date", "quantity").iter_rows():
                at = (code, key, day)
                self._done[at] = self._done.get(at, 0.0) + quantity
        self._places = dict(life.rules.case["enterprises"].select("enterprise", "place").iter_rows())

    def done(self, directive: Directive, until: date) -> float:
        """What was done of a directive from its first day to ``until``, in the plan's calendar [units of the item]."""
        days = (date.fromisoformat(each["date"]) for each in directive.days)
        code = self._code(directive.addressee, Kind(directive.kind))
        return sum(self._done.get((code, directive.key, day), 0.0) for day in days if day <= until)

    def made(self, organisation: Organisation, item: str, day: date) -> float:
        """What an enterprise made of an item on a day [units of the item]."""
        return self._done.get((organisation.enterprise, f"make:{item}", day), 0.0)

    def _code(self, addressee: Organisation, kind: Kind) -> str:
        if kind == Kind.CARRY:
            return ""
        if kind in AT_ENTERPRISES:
            return addressee.enterprise
        return addressee.place or self._places[addressee.enterprise]


def _make(life: Life, rows: pl.DataFrame) -> pl.DataFrame:
    yields = life.rules.case["processes"].select(other="process", good="yield_rate")
    return (
        _of_lines(life, rows)
        .join(yields, on="other", how="left")
        .with_columns(key=pl.format("make:{}", "item"), quantity=pl.col("done") * pl.col("good").fill_null(1.0))
    )


def _convert(life: Life, rows: pl.DataFrame) -> pl.DataFrame:
    return _of_lines(life, rows).with_columns(key=pl.format("convert:{}@{}", "other", "subject"), quantity="done")


def _license(_life: Life, rows: pl.DataFrame) -> pl.DataFrame:
    return rows.with_columns(code="subject", key=pl.format("license:{}", "item"), quantity="done")


def _reserve(_life: Life, rows: pl.DataFrame) -> pl.DataFrame:
    return rows.with_columns(code="place", key=pl.format("release:{}", "item"), quantity="done")


def _ship(life: Life, rows: pl.DataFrame) -> pl.DataFrame:
    """What left, what came of it after its days on the way, and what was carried."""
    lanes = life.rules.case["lanes"].select("mode", "transit_days", subject="lane")
    left = rows.join(lanes, on="subject", how="left").with_columns(quantity="done")
    came = left.with_columns(
        code="other",
        key=pl.format("arrive:{}@{}/{}", "item", "place", "mode"),
        date=pl.col("date") + pl.duration(days="transit_days"),
    )
    went = left.with_columns(code="place", key=pl.format("ship:{}@{}/{}", "item", "other", "mode"))
    carried = left.with_columns(code=pl.lit(""), key=pl.format("carry:{}@{}", "item", "subject"))
    return pl.concat([went, came.select(went.columns), carried.select(went.columns)])


def _of_lines(life: Life, rows: pl.DataFrame) -> pl.DataFrame:
    """Rows of lines with the enterprise that they belong to; a converted line is its first line's."""
    owners = life.rules.case["lines"].select(line="line", code="enterprise")
    return rows.with_columns(line=pl.col("subject").str.split(">").list.first()).join(owners, on="line", how="left")


READERS = {"make": _make, "convert": _convert, "license": _license, "reserve": _reserve, "ship": _ship}
