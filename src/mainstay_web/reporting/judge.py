"""Which rows of a submission are accepted, and what is found in them; reads, and changes nothing."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import lru_cache

import polars as pl
from django.db.models import Max, Q
from django.utils import timezone

from mainstay.survey import plausibility
from mainstay.tables import Case, Finding, frames, make_case
from mainstay.tables.cast import cast
from mainstay.tables.cells import check_cells
from mainstay.tables.raw import ROW, Raw, nearest
from mainstay.tables.rules.reports import report_terms
from mainstay.units import UNITS, factor
from mainstay_web.accounts.models import Organisation
from mainstay_web.registry import queries as registry
from mainstay_web.registry.models import Row
from mainstay_web.reporting import queries
from mainstay_web.reporting.body import SUBMITTED

TABLE = SUBMITTED.name
FIGURE = ["organisation", "item", "measure", "basis", "date"]
"""What names one figure."""

HISTORY_DAYS = 42
"""How far back the figures go that new ones are held against."""

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Judged:
    """A submission after all checks: ``rows`` are those accepted, typed, with ``organisation`` and ``_row``."""

    num_rows: int
    refused: frozenset[int]
    rows: pl.DataFrame
    findings: list[Finding]
    reporters: dict[int, int]
    """Organisation of each row, where it could be told."""


def judge(raw: Raw, organisation: Organisation, *, is_history: bool = False) -> Judged:
    """Check every row of what an organisation sent.

    Parameters
    ----------
    raw : rows as text; a row without ``reporter`` is the organisation's own
    is_history : rows of a case: ``received_at`` counts and nothing is asked about; else the day is today
    """
    findings: list[Finding] = list(raw.findings)
    own = queries.reporter_code(organisation)
    typed = cast(SUBMITTED, raw)
    frame = typed.frame
    if not is_history:
        findings += _ignored(frame)
        frame = frame.with_columns(received_at=pl.lit(None, dtype=pl.Date))
    bad_reporter = typed.bad.get("reporter", pl.repeat(False, frame.height, eager=True))
    frame = frame.with_columns(reporter=pl.when(bad_reporter).then("reporter").otherwise(pl.col("reporter").fill_null(own)))
    known = _reporters(frame["reporter"].drop_nulls().unique().to_list(), organisation)
    codes = pl.DataFrame(
        {"reporter": list(known), "organisation": list(known.values())},
        schema={"reporter": pl.String, "organisation": pl.Int64},
    )
    frame = frame.join(codes, on="reporter", how="left", maintain_order="left")
    findings += [*typed.findings, *check_cells(replace(typed, frame=frame))]
    findings += [*_strangers(frame, organisation), *_items(frame), *report_terms({TABLE: frame})]
    if not is_history:
        findings += _from_the_future(frame)
    errors = {f.row for f in findings if f.severity == "error" and f.row is not None} | raw.refused_rows
    numbers = frame[ROW].to_list()
    refused = frozenset(numbers if raw.broken else errors & set(numbers))
    rows = frame.filter(~pl.col(ROW).is_in(list(refused)))
    if not is_history:
        findings += _implausible(rows)
    reporters = dict(frame.filter(pl.col("organisation").is_not_null()).select(ROW, "organisation").rows())
    return Judged(len(numbers), refused, rows, findings, reporters)


def _reporters(codes: list[str], organisation: Organisation) -> dict[str, int]:
    """Organisation of each code, of those that this one may speak for: itself and what lies under it."""
    if codes == [queries.reporter_code(organisation)]:
        return {codes[0]: organisation.pk}
    under = Organisation.objects.filter(path__startswith=organisation.path, is_active=True)
    return {code: pk for code, pk in queries.organisations_by_code(under).items() if code in set(codes)}


def _strangers(frame: pl.DataFrame, organisation: Organisation) -> Iterator[Finding]:
    rows = frame.filter(pl.col("organisation").is_null() & pl.col("reporter").is_not_null())
    for row, reporter in rows.select(ROW, "reporter").rows():
        yield Finding(
            TABLE, row, "reporter", reporter, "unknown_reporter",
            f'"{reporter}" is not {organisation.code} and no organisation under it.',
            "Correct the code, or leave the cell empty: then the figure is of the one who sends.",
        )  # fmt: skip


def _items(frame: pl.DataFrame) -> Iterator[Finding]:
    """Items that are not in the register, and units that are not the item's."""
    units = item_units()
    known = list(units)
    for row, item in frame.filter(~pl.col("item").is_in(known)).select(ROW, "item").rows():
        yield Finding(
            TABLE, row, "item", item, "unknown_reference", f'"{item}" is not an item of the register.',
            nearest(item, known) or "Use the code of an item of the register, or ask the supply office to add it.",
        )  # fmt: skip
    given = frame.filter(pl.col("unit").is_in(list(UNITS)) & pl.col("item").is_in(known))
    for row, item, unit, quantity in given.select(ROW, "item", "unit", "quantity").rows():
        if unit != units[item]:
            yield _other_unit(row, item, unit, units[item], quantity)


def _other_unit(row: int, item: str, unit: str, wanted: str, quantity: float | None) -> Finding:
    times = factor(unit, wanted)
    remedy = f"Give the quantity in {wanted}; {unit} measures something else."
    if times is not None:
        converted = f": {quantity * times:.12g}" if quantity is not None else ""
        remedy = f"Multiply the quantity by {times:g} and write {wanted}{converted}."
    message = f"the quantity is in {unit}, but {item} is counted in {wanted}."
    return Finding(TABLE, row, "unit", unit, "unit_mismatch", message, remedy)


def _ignored(frame: pl.DataFrame) -> Iterator[Finding]:
    given = frame.filter(pl.col("received_at").is_not_null())
    if given.height:
        yield Finding(
            TABLE, None, "received_at", "", "received_now",
            f"{given.height:,} cells were not read: the day on which a report was known is the day it comes in.",
            "Nothing needs to be done; leaving the column out ends this warning.", "warning",
        )  # fmt: skip


def _from_the_future(frame: pl.DataFrame) -> Iterator[Finding]:
    """Figures of days to come; what is needed may be said ahead."""
    today = timezone.localdate()
    ahead = frame.filter((pl.col("date") > today) & (pl.col("measure") != "need"))
    for row, day in ahead.select(ROW, "date").rows():
        yield Finding(
            TABLE, row, "date", day.isoformat(), "future_date", f"{day} is still to come; today is {today}.",
            "Report a day when it is over; only needs are reported ahead.",
        )  # fmt: skip


def item_units() -> dict[str, str]:
    """Unit of each item of the register."""
    rows = Row.objects.filter(table="items", is_current=True, is_removed=False)
    return {body["item"]: body.get("unit", "") for body in rows.values_list("body", flat=True)}


def _implausible(rows: pl.DataFrame) -> list[Finding]:
    """What to ask about in accepted rows, held against the register and the figures of the weeks before."""
    case = _register(Row.objects.aggregate(newest=Max("pk"))["newest"] or 0) if rows.height else None
    if case is None:
        return []
    first, last = rows["date"].min(), rows["date"].max()
    before = queries.frame_of(
        Q(is_current=True, date__gte=first - timedelta(HISTORY_DAYS), date__lte=last)
        & queries.organisations_in(rows["organisation"].unique().to_list())
    )
    new = frames.conform(SUBMITTED, rows.drop("organisation", ROW)).with_columns(rows[ROW])
    figure = [c.name for c in SUBMITTED.columns if c.key and c.name != "received_at"]
    before = before.join(new, on=figure, how="anti").with_columns(pl.lit(0, dtype=pl.Int64).alias(ROW))
    found = plausibility(pl.concat([before, new]), case)
    return [replace(f, severity="warning") for f in found if f.row]


@lru_cache(maxsize=1)
def _register(newest: int) -> Case | None:
    """The register as a case; it is read again when it has a newer row."""
    if not newest:
        return None
    try:
        return make_case(date.today(), registry.current_tables())
    except pl.exceptions.PolarsError:
        log.exception("The register cannot be read as tables; reports are taken without questions of plausibility.")
        return None
