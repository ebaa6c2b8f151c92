"""Which rows of a submission are accepted, and what is found in them; reads, and changes nothing."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

import polars as pl

from mainstay.tables import Finding
from mainstay.tables.cast import cast
from mainstay.tables.cells import check_cells
from mainstay.tables.findings import Both
from mainstay.tables.raw import ROW, Raw, nearest
from mainstay.tables.rules.reports import report_terms
from mainstay.tables.rules.units import other_unit
from mainstay.units import UNITS
from mainstay_web import clock
from mainstay_web.accounts.models import Organisation
from mainstay_web.reporting import queries
from mainstay_web.reporting.body import SUBMITTED

TABLE = SUBMITTED.name


@dataclass(frozen=True)
class Judged:
    """A submission after all checks.

    ``rows`` are those accepted, by column of the table with ``organisation`` (its pk) and ``_row``; ``reporters`` tells
    the organisation of each row, refused ones too, where it is known.
    """

    num_rows: int
    refused: frozenset[int]
    rows: list[dict[str, Any]]
    findings: list[Finding]
    reporters: dict[int, int]


def judge(raw: Raw, organisation: Organisation, *, is_history: bool = False) -> Judged:
    """Check every row of what an organisation sent.

    Parameters
    ----------
    raw : rows as text; a row without ``reporter`` is the organisation's own
    is_history : rows of a case: ``received_at`` counts, and no day is to come; else the day of receipt is today
    """
    typed = cast(SUBMITTED, raw)
    frame = typed.frame
    findings: list[Finding] = [*raw.findings, *typed.findings]
    if not is_history:
        findings += _ignored(frame)
        frame = frame.with_columns(pl.lit(None, dtype=pl.Date).alias("received_at"))
    findings += [*check_cells(replace(typed, frame=frame)), *report_terms({TABLE: frame})]
    rows = frame.to_dicts()
    unread = typed.bad["reporter"] if "reporter" in typed.bad else [False] * len(rows)
    known = _reporters({row["reporter"] for row in rows}, organisation)
    for row, is_unread in zip(rows, unread, strict=True):
        row["organisation"] = None if is_unread else known.get(row["reporter"] or "")
    findings += [*_strangers(rows, unread, organisation), *_items(rows)]
    if not is_history:
        findings += _from_the_future(rows)
    numbers = {row[ROW] for row in rows}
    errors = {f.row for f in findings if f.severity == "error" and f.row is not None} | raw.refused_rows
    refused = frozenset(numbers if raw.broken else errors & numbers)
    return Judged(
        len(rows),
        refused,
        [row for row in rows if row[ROW] not in refused],
        findings,
        {row[ROW]: row["organisation"] for row in rows if row["organisation"]},
    )


def _reporters(codes: set[str | None], organisation: Organisation) -> Mapping[str, int]:
    """Organisation of each code, of those that this one may speak for: itself and what lies under it."""
    own = {"": organisation.pk, queries.reporter_code(organisation): organisation.pk}
    if all((code or "") in own for code in codes):
        return own
    under = Organisation.objects.filter(path__startswith=organisation.path, is_active=True)
    return queries.organisations_by_code(under) | own


def _strangers(rows: list[dict[str, Any]], unread: Iterable[bool], organisation: Organisation) -> Iterator[Finding]:
    for row, is_unread in zip(rows, unread, strict=True):
        if row["organisation"] is None and not is_unread:
            yield Finding(
                TABLE,
                row[ROW],
                "reporter",
                row["reporter"],
                "unknown_reporter",
                Both(
                    f'"{row["reporter"]}" is not {organisation.code}, and no organisation under it.',
                    f"“{row['reporter']}”不是 {organisation.code}，也不是其下属单位。",
                ),
                Both(
                    "Correct the code, or leave the cell empty: then the figure is of the one who sends.",
                    "请更正代码，或留空（即本单位数据）。",
                ),
            )


def _items(rows: list[dict[str, Any]]) -> Iterator[Finding]:
    """Items that are not in the register, and units that are not the item's."""
    units = {code: item.unit for code, item in queries.items().items()}
    for row in rows:
        item, unit = row["item"], row["unit"]
        if item is not None and item not in units:
            yield Finding(
                TABLE,
                row[ROW],
                "item",
                item,
                "unknown_reference",
                Both(f'"{item}" is not an item of the register.', f"登记册中没有物资“{item}”。"),
                nearest(item, units)
                or Both(
                    "Use the code of an item of the register, or ask the supply office to add it.",
                    "请使用登记册中的物资代码，或请物资保障部门添加。",
                ),
            )
        elif unit in UNITS and item is not None and unit != units[item]:
            yield _other_unit(row, units[item])


def _other_unit(row: Mapping[str, Any], wanted: str) -> Finding:
    unit = row["unit"]
    return Finding(
        TABLE, row[ROW], "unit", unit, "unit_mismatch", *other_unit(row["item"], unit, wanted, row["quantity"])
    )


def _ignored(frame: pl.DataFrame) -> Iterator[Finding]:
    given = frame.height - frame["received_at"].null_count()
    if given:
        yield Finding(
            TABLE,
            None,
            "received_at",
            "",
            "received_now",
            Both(
                f"{given:,} cells were not read: the day on which a report was known is the day it comes in.",
                f"{given:,} 个单元格未读取：以平台收到之日为获知日期。",
            ),
            Both(
                "Nothing needs to be done; leaving the column out ends this warning.", "无需处理；不填该列即不再提示。"
            ),
            "warning",
        )


def _from_the_future(rows: list[dict[str, Any]]) -> Iterator[Finding]:
    """Figures of days to come; what is needed may be said ahead."""
    today = clock.today()
    for row in rows:
        if row["date"] is not None and row["date"] > today and row["measure"] != "need":
            yield Finding(
                TABLE,
                row[ROW],
                "date",
                row["date"].isoformat(),
                "future_date",
                Both(f"{row['date']} is still to come; today is {today}.", f"{row['date']} 尚未到来；今天是 {today}。"),
                Both(
                    "Report a day when it is over; only needs are reported ahead.",
                    "请在当日结束后上报；只有需求可提前上报。",
                ),
            )
