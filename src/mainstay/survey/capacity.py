"""Usable capacity as of a day, and what follows from it: resumption, blockers, the availability of lines."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import polars as pl

from mainstay.survey.known import known_by, latest, per_day
from mainstay.survey.nominal import nominal_capacity, nominal_lines
from mainstay.survey.plausibility import plausibility
from mainstay.tables import frames
from mainstay.tables.case import Case
from mainstay.tables.case_tables import AVAILABILITY
from mainstay.tables.findings import Findings
from mainstay.tables.raw import ROW

PAIR = ["enterprise", "item"]


@dataclass(frozen=True)
class Survey:
    """What makers can really do, as known on a day. Missing is not zero: who did not report is not counted as idle.

    Attributes
    ----------
    as_of : the day; nothing that was received later is seen
    capacity : frame (enterprise, item): area, industry, lines, nominal [units per day], shared; of the newest report
        date, received_at, reported [units per day], share_reported = reported / nominal, as it is; share = the same,
        at most 1; usable = nominal x share; blocker, source; of the newest report of output output_date, output
        [units per day], utilisation = output / capacity reported for that day. Empty: not reported
    resumption : frame (date, by, name, item): ``by`` all, area or industry; item empty: all items together.
        enterprises with lines, those reporting, those resumed (usable capacity of any such item above 0),
        resumption_rate = resumed / reporting; for one item nominal, nominal_reporting (of those reporting), usable
        [units per day], usable_share = usable / nominal_reporting
    blockers : frame (item, blocker): enterprises, withheld [units per day] = nominal - usable, share of the nominal
        capacity of those reporting; most first. Blocker empty: not said
    availability : rows for the table ``availability``, one for each group of lines that a report speaks of
    findings : what to ask about
    """

    as_of: date
    capacity: pl.DataFrame
    resumption: pl.DataFrame
    blockers: pl.DataFrame
    availability: pl.DataFrame
    findings: Findings

    def frames(self) -> Iterator[tuple[str, pl.DataFrame]]:
        """Every frame with its name, as they are written."""
        for name in ("capacity", "resumption", "blockers", "availability"):
            yield name, getattr(self, name)
        yield "findings", self.findings.frame()

    def write(self, folder: Path) -> None:
        """Write each frame as a CSV file into the folder, which is made if it is not there."""
        folder.mkdir(parents=True, exist_ok=True)
        for name, frame in self.frames():
            frame.write_csv(folder / f"{name}.csv")


def usable_capacity(case: Case, as_of: date | None = None) -> Survey:
    """What the makers of a case can really do, from its reports as known on a day.

    Of each enterprise and item the newest report of capacity counts, and of that day the last received. Output never
    raises a capacity: who makes more than he says is asked (finding), not corrected.

    Parameters
    ----------
    case : its reports, lines and processes are read
    as_of : empty: the start of the case
    """
    day = as_of or case.start
    reports = known_by(case["reports"], day)
    figures = latest(reports)
    history = _capacities(case, figures)
    capacity = _newest(case, history, figures)
    return Survey(
        day,
        capacity.drop(ROW),
        _resumption(case, history, day),
        _blockers(capacity),
        _availability(case, capacity),
        plausibility(reports, case),
    )


def _capacities(case: Case, figures: pl.DataFrame) -> pl.DataFrame:
    """Every day's reported capacity of each enterprise and item, beside its nominal capacity (empty: no line)."""
    return (
        figures.filter((pl.col("measure") == "capacity") & (pl.col("basis") == "day"))
        .rename({"reporter": "enterprise", "quantity": "reported"})
        .join(case["enterprises"].select("enterprise"), on="enterprise", how="semi")
        .join(nominal_capacity(case), on=PAIR, how="left")
        .with_columns(share_reported=pl.col("reported") / pl.col("nominal"))
        .with_columns(share=pl.col("share_reported").clip(upper_bound=1.0))
        .with_columns(usable=pl.col("nominal") * pl.col("share"))
        .sort(*PAIR, "date")
        .select(
            *PAIR, "date", pl.col("known").alias("received_at"), "reported", "share_reported", "share", "usable",
            "blocker", "source", ROW,
        )
    )  # fmt: skip


def _newest(case: Case, history: pl.DataFrame, figures: pl.DataFrame) -> pl.DataFrame:
    newest = history.unique(PAIR, keep="last", maintain_order=True)
    return (
        nominal_capacity(case)
        .join(newest, on=PAIR, how="full", coalesce=True)
        .join(_makers(case), on="enterprise", how="left")
        .join(_newest_output(history, figures), on=PAIR, how="left")
        .sort(PAIR)
        .select(
            *PAIR, "area", "industry", "lines", "nominal", "shared", "date", "received_at", "reported",
            "share_reported", "share", "usable", "blocker", "output_date", "output", "utilisation", "source", ROW,
        )
    )  # fmt: skip


def _newest_output(history: pl.DataFrame, figures: pl.DataFrame) -> pl.DataFrame:
    """The newest output of each enterprise and item, and its share of the capacity reported for that day."""
    output = (
        per_day(figures.filter(pl.col("measure") == "output"))
        .unique(["reporter", "item"], keep="last", maintain_order=True)
        .select(pl.col("reporter").alias("enterprise"), "item", pl.col("date").alias("output_date"), output="quantity")
    )
    capacity = history.select(*PAIR, "date", "reported")
    return (
        output.sort("output_date")
        .join_asof(capacity.sort("date"), left_on="output_date", right_on="date", by=PAIR, check_sortedness=False)
        .select(
            *PAIR,
            "output_date",
            "output",
            utilisation=pl.when(pl.col("reported") > 0).then(pl.col("output") / pl.col("reported")),
        )
    )


def _makers(case: Case) -> pl.DataFrame:
    """Area and industry of each enterprise: the nearest place of kind area that it lies in, or its own place."""
    places = {place: (kind, parent) for place, kind, parent in case["places"].select("place", "kind", "parent").rows()}

    def area(place: str) -> str:
        here: str | None = place
        while here in places and places[here][0] != "area":
            here = places[here][1]
        return here or place

    homes = case["enterprises"]["place"].unique().drop_nulls().to_list()
    areas = pl.DataFrame({"place": homes, "area": [area(p) for p in homes]}, {"place": pl.String, "area": pl.String})
    return case["enterprises"].join(areas, on="place", how="left").select("enterprise", "area", "industry")


def _resumption(case: Case, history: pl.DataFrame, as_of: date) -> pl.DataFrame:
    """Rates of each day from the first report on, as known on the last; a report holds until the next."""
    first = history["date"].min() if history.height else as_of
    days = pl.DataFrame({"date": pl.date_range(first, as_of, eager=True)})
    pairs = nominal_capacity(case).select(*PAIR, "nominal").join(_makers(case), on="enterprise", how="left")
    daily = (
        days.join(pairs, how="cross")
        .join_asof(history.select(*PAIR, "date", "usable").sort("date"), on="date", by=PAIR, check_sortedness=False)
        .with_columns(reports=pl.col("usable").is_not_null(), runs=pl.col("usable") > 0)
        .with_columns(pl.lit("all").alias("all"))
    )
    return pl.concat(
        _rates(daily, by, per_item=per_item) for by in ("all", "area", "industry") for per_item in (False, True)
    ).sort("date", "by", "name", "item")


def _rates(daily: pl.DataFrame, by: str, *, per_item: bool) -> pl.DataFrame:
    """Resumption of one grouping; quantities only where they are of one item."""
    keys = ["date", by, *(["item"] if per_item else [])]
    makers = daily.group_by(*keys, "enterprise").agg(
        pl.any("reports", "runs"),
        pl.sum("nominal", "usable"),
        nominal_reporting=pl.col("nominal").filter("reports").sum(),
    )
    rates = makers.group_by(keys).agg(
        enterprises=pl.len().cast(pl.Int64),
        reporting=pl.sum("reports").cast(pl.Int64),
        resumed=pl.sum("runs").cast(pl.Int64),
        **{name: pl.sum(name) for name in ("nominal", "nominal_reporting", "usable")},
    )
    quantities = ("nominal", "nominal_reporting", "usable")
    none = pl.lit(None, dtype=pl.Float64)
    return rates.select(
        "date",
        by=pl.lit(by),
        name=pl.when(by != "all").then(pl.col(by)) if by != "all" else pl.lit(None, dtype=pl.String),
        item=pl.col("item") if per_item else pl.lit(None, dtype=pl.String),
        **{name: pl.col(name) for name in ("enterprises", "reporting", "resumed")},
        resumption_rate=pl.when(pl.col("reporting") > 0).then(pl.col("resumed") / pl.col("reporting")),
        **{name: pl.col(name) if per_item else none for name in quantities},
        usable_share=pl.when(pl.col("nominal_reporting") > 0).then(pl.col("usable") / pl.col("nominal_reporting"))
        if per_item
        else none,
    )


def _blockers(capacity: pl.DataFrame) -> pl.DataFrame:
    """What withholds how much of which item, most first."""
    withheld = pl.col("nominal") - pl.col("usable")
    reporting = capacity.filter(pl.col("usable").is_not_null()).with_columns(withheld=withheld)
    totals = reporting.group_by("item").agg(total=pl.sum("nominal"))
    return (
        reporting.filter(pl.col("withheld") > 0)
        .group_by("item", "blocker")
        .agg(pl.len().cast(pl.Int64).alias("enterprises"), pl.sum("withheld"))
        .join(totals, on="item")
        .select("item", "blocker", "enterprises", "withheld", share=pl.col("withheld") / pl.col("total"))
        .sort("item", "withheld", "blocker", descending=[False, True, False])
    )


def _availability(case: Case, capacity: pl.DataFrame) -> pl.DataFrame:
    """One row for each group of lines, from the newest report of an item that it makes.

    Where reports of one day give the items of a group different shares, the largest holds: the group can be used that
    far, and what keeps another item from it is that item's own.
    """
    reports = capacity.filter(pl.col("share").is_not_null()).drop("lines", "nominal", "shared")
    rows = (
        nominal_lines(case)
        .join(reports, on=PAIR, how="inner")
        .sort("line", "date", "share", "item")
        .unique("line", keep="last", maintain_order=True)
        .select(
            pl.lit("line").alias("subject_kind"),
            pl.col("line").alias("subject"),
            pl.col("date").alias("from"),
            pl.lit(None, dtype=pl.Date).alias("to"),
            "share",
            "blocker",
            pl.col("received_at").alias("known_on"),
            source=pl.coalesce("source", pl.format("capacity of {} reported by {}", "item", "enterprise")),
        )
    )
    return frames.conform(AVAILABILITY, rows)
