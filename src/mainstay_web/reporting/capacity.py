"""Usable capacity from reports, as the survey finds it, in rows for a page."""

from __future__ import annotations

from datetime import date

import polars as pl
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from mainstay.survey import Survey, usable_capacity
from mainstay_web.accounts.models import Organisation
from mainstay_web.accounts.templatetags.words import named
from mainstay_web.reporting import queries
from mainstay_web.reporting.models import Blocker
from mainstay_web.reporting.register import register

GROUPS = (("all", _("All makers")), ("area", _("Area")), ("industry", _("Industry")))
MOST_BLOCKERS = 30


def survey(as_of: date, organisations: QuerySet[Organisation]) -> Survey | None:
    """The survey of the makers that the reader may see, as known on a day; None while the register is empty."""
    case = register()
    if case is None:
        return None
    seen = list(queries.organisations_by_code(organisations))
    reports = queries.reports_frame(as_of)
    makers = case["enterprises"].filter(pl.col("enterprise").is_in(seen))
    lines = case["lines"].filter(pl.col("enterprise").is_in(seen))
    reports = reports.filter(pl.col("reporter").is_in(seen), pl.col("measure").is_in(("capacity", "output")))
    return usable_capacity(case.replace(enterprises=makers, lines=lines, reports=reports), as_of)


def resumption(survey: Survey | None, items: dict[str, queries.Item]) -> pl.DataFrame:
    """The newest day's resumption of each group and item; percentages are whole numbers."""
    columns = {
        "by": pl.String, "of": pl.String, "item": pl.String, "enterprises": pl.Int64, "reporting": pl.Int64,
        "resumed": pl.Int64, "resumption": pl.Float64, "usable": pl.Float64, "nominal": pl.Float64,
        "usable_share": pl.Float64, "unit": pl.String,
    }  # fmt: skip
    if survey is None or survey.resumption.height == 0:
        return pl.DataFrame(schema=columns)
    newest = survey.resumption.filter(pl.col("date") == pl.col("date").max())
    names = {code: named(item) for code, item in items.items()} | {"": str(_("all items"))}
    everybody = str(dict(GROUPS)["all"])
    units = {code: item.unit for code, item in items.items()}
    return (
        newest.with_columns(
            of=pl.col("name").fill_null("").replace({"": everybody}),
            unit=pl.col("item").replace_strict(units, default=None, return_dtype=pl.String),
            item=pl.col("item").fill_null("").replace(names),
            resumption=(pl.col("resumption_rate") * 100).round(0),
            usable_share=(pl.col("usable_share") * 100).round(0),
        )
        .select(pl.col(name).cast(dtype) for name, dtype in columns.items())
    )  # fmt: skip


def blockers(survey: Survey | None, items: dict[str, queries.Item]) -> list[dict[str, object]]:
    """What withholds most of each item's capacity, first the largest share."""
    if survey is None:
        return []
    rows = survey.blockers.sort("share", descending=True, nulls_last=True).head(MOST_BLOCKERS)
    return [
        {
            **row,
            "item": items.get(row["item"]) or row["item"],
            "blocker": Blocker(row["blocker"]).label if row["blocker"] else _("not said"),
            "percent": round(100 * (row["share"] or 0), 1),
        }
        for row in rows.to_dicts()
    ]
