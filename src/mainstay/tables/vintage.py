"""A case as it was known on a day: nothing that became known later is seen."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import polars as pl

from mainstay.tables.case import Case

_KNOWN: dict[str, tuple[str, ...]] = {
    "availability": ("known_on", "from"),
    "epidemic": ("known_on", "date"),
    "imports": ("known_on", "from"),
    "licences": ("known_on",),
    "measures": ("known_on",),
    "projections": ("made_on",),
    "reports": ("received_at", "date"),
    "revisions": ("date",),
}
"""Columns that say when a row became known; the first that is filled counts, a row without any was always known."""
_WINDOWS = {"availability": ["subject_kind", "subject"], "imports": ["source"]}
"""Tables of windows, and what each window is of."""


def as_known(case: Case, as_of: date) -> Case:
    """The case that starts on a day, with the rows known by then.

    A window without ``known_on`` was known from its first day, but not how long it would last: one that holds on the
    day has no end, or ends before the next window of its subject that was announced. Needs, people, profiles, floors
    and targets are what is planned for, and stay; so do stocks, whose day is kept as ``stocks_on``.

    Changing a row that became known later changes nothing.
    """
    tables = {name: _known(case[name], columns, as_of) for name, columns in _KNOWN.items()}
    for name, subject in _WINDOWS.items():
        tables[name] = _hold_on(tables[name], subject, as_of)
    tables["measures"] = _helping(tables["measures"], case["imports"], tables["imports"])
    given = case.stocks_on or case.start
    return replace(case.replace(start=as_of, **tables), stocks_on=None if given == as_of else given)


def _known(frame: pl.DataFrame, columns: tuple[str, ...], as_of: date) -> pl.DataFrame:
    known = pl.coalesce(columns)
    return frame.filter(known.is_null() | (known <= as_of))


def _helping(measures: pl.DataFrame, offers: pl.DataFrame, known: pl.DataFrame) -> pl.DataFrame:
    """Measures without those that help an offer which is not known yet."""
    later = offers.join(known, on="source", how="anti")["source"]
    helps_later = (pl.col("target_kind") == "source") & pl.col("target").is_in(later.implode())
    return measures.filter(~helps_later.fill_null(False))


def _hold_on(frame: pl.DataFrame, subject: list[str], as_of: date) -> pl.DataFrame:
    """Clear the end of each window that holds on the day and whose end nobody knew then."""
    announced = frame.filter(pl.col("from") > as_of).group_by(subject).agg(pl.col("from").min().alias("_next"))
    open_ended = pl.col("known_on").is_null() & (pl.col("to") >= as_of)
    return (
        frame.join(announced, on=subject, how="left", maintain_order="left")
        .with_columns(to=pl.when(open_ended).then(pl.col("_next").dt.offset_by("-1d")).otherwise("to"))
        .drop("_next")
    )
