"""Reports as they were known on a day: the latest version of each figure, with its row in the table."""

from __future__ import annotations

from datetime import date

import polars as pl

from mainstay.tables.raw import ROW

FIGURE = ["reporter", "item", "measure", "basis", "date"]
"""Columns that name one figure; a figure that is corrected has several rows, the last received of which holds."""


def with_rows(reports: pl.DataFrame) -> pl.DataFrame:
    """The reports with ``_row``, their row in the file (the header is row 1), unless they have it already."""
    if ROW in reports.columns:
        return reports
    return reports.with_columns(pl.int_range(2, pl.len() + 2, dtype=pl.Int64).alias(ROW))


def known_by(reports: pl.DataFrame, as_of: date) -> pl.DataFrame:
    """Rows that speak of, and were received on, the day or earlier ones; with ``_row``.

    A report without ``received_at`` was received on the day that it speaks of.
    """
    return with_rows(reports).filter(pl.max_horizontal("date", "received_at") <= as_of)


def in_order(reports: pl.DataFrame) -> pl.DataFrame:
    """Whole reports in the order of ``FIGURE`` and of being received.

    Returns
    -------
    the rows with ``_row``, ``known`` (the day of being received) and ``figure``, a number for each figure
    """
    whole = with_rows(reports).drop_nulls([*FIGURE, "quantity"])
    series = pl.lit(0, dtype=pl.Int64)
    for name in FIGURE[:-1]:  # one number for a series: a million rows are sorted by numbers, not by five texts
        values = whole[name].unique().sort()
        series = series * len(values) + whole[name].cast(pl.Enum(values)).to_physical().cast(pl.Int64)
    return (
        whole.with_columns(figure=series, known=pl.coalesce("received_at", "date"))
        .sort("figure", "date", "known", "received_at", nulls_last=False)
        .with_columns(figure=pl.struct("figure", "date").rle_id())
    )


def latest(reports: pl.DataFrame) -> pl.DataFrame:
    """The last received version of each figure, in the order of ``FIGURE``; with ``_row`` and ``known``."""
    return last_versions(in_order(reports))


def first_versions(ordered: pl.DataFrame) -> pl.DataFrame:
    """The first received version of each figure, from rows ``in_order``."""
    return ordered.filter(pl.col("figure").ne_missing(pl.col("figure").shift(1)))


def last_versions(ordered: pl.DataFrame) -> pl.DataFrame:
    """The last received version of each figure, from rows ``in_order``."""
    return ordered.filter(pl.col("figure").ne_missing(pl.col("figure").shift(-1))).drop("figure")


def per_day(figures: pl.DataFrame) -> pl.DataFrame:
    """Latest figures as figures of a day: what a cumulative figure rose by since the one before, per day between.

    Where a day has a figure of its own, that one holds; the first cumulative figure of a series tells no day, and one
    that falls tells none either.
    """
    own = figures.filter(pl.col("basis") == "day")
    series = ["reporter", "item", "measure"]
    days = pl.col("date").diff().over(series).dt.total_days()
    rises = (
        figures.filter(pl.col("basis") == "cumulative")
        .with_columns(quantity=pl.col("quantity").diff().over(series) / days)
        .filter(pl.col("quantity") >= 0)
        .join(own, on=[*series, "date"], how="anti")
    )
    return pl.concat([own, rises]).sort(*series, "date")
