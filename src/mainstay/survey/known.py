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


def latest(reports: pl.DataFrame) -> pl.DataFrame:
    """The last received version of each figure, in the order of ``FIGURE``; with ``_row`` and ``known``."""
    versions = (
        with_rows(reports)
        .with_columns(known=pl.coalesce("received_at", "date"))
        .drop_nulls([*FIGURE, "quantity"])
        .sort(*FIGURE, "known", "received_at", nulls_last=False)
    )
    figure = pl.struct(FIGURE).rle_id()
    return versions.filter(figure.ne_missing(figure.shift(-1)))


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
