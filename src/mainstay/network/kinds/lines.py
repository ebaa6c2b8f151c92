"""Lines that stand: capacity in line-days, from lines, their availability and what measures unlock.

Reads ``lines``, ``availability``, ``conversions``. Writes for each group the flow ``capacity:<line>`` [line-days];
a group that can be converted away is a stock ``lines:<line>`` that feeds its capacity at the usable share.
Rule ``line_capacity``: what runs on a group in a period takes no more line-days than it has.
"""

from __future__ import annotations

import numpy as np
import polars as pl

from mainstay.network.builder import Builder
from mainstay.network.lines import conversion_options, line_groups
from mainstay.network.profiles import daily_share, magnitude, per_period
from mainstay.tables import Case


def add(case: Case, builder: Builder) -> None:
    """Write the capacity of every group of lines."""
    groups = line_groups(case)
    calendar = builder.calendar
    share = per_period(daily_share(case["availability"], "line", groups["line"], calendar), calendar, "mean")
    quantity = groups["quantity"].to_numpy()[:, None]
    given_up = conversion_options(case).filter("takes_line")["line"].implode()
    is_stock = groups["line"].is_in(given_up).to_numpy()
    fixed = np.where(is_stock[:, None], 0.0, quantity * share * calendar.lengths)
    scale = pl.Series("scale", magnitude(groups["most"].to_numpy()))
    named = groups.with_columns(scale, subject="line", capacity=pl.format("capacity:{}", "line"))
    builder.add_resources(
        named.select(
            "place",
            "subject",
            "scale",
            resource="capacity",
            kind=pl.lit("flow"),
            what=pl.lit("line capacity"),
        ),
        supply=fixed,
    )
    stocks = named.filter(is_stock).with_columns(resource=pl.format("lines:{}", "line"))
    supply = np.zeros((stocks.height, len(calendar)))
    supply[:, 0] = quantity[is_stock, 0]
    builder.add_resources(
        stocks.select("resource", "place", "subject", "scale", kind=pl.lit("stock"), what=pl.lit("lines")),
        supply=supply,
    )
    builder.add_feeds(stocks.select(stock="resource", flow="capacity"), share[is_stock])
