"""What needs are derived from: parameters that exist, within their range; revisions that reach back."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import polars as pl

from mainstay.tables.cells import show
from mainstay.tables.declaration import Rule
from mainstay.tables.findings import Both, Finding
from mainstay.tables.parameters import COURSE_PARAMETERS, ESFT_PREFIX
from mainstay.tables.raw import ROW, nearest


def unknown_parameter(tables: Mapping[str, pl.DataFrame]) -> Iterator[Finding]:
    """Parameters that no course has; those of the ESFT method are judged by the method."""
    known = pl.col("parameter").is_in(list(COURSE_PARAMETERS)) | pl.col("parameter").str.starts_with(ESFT_PREFIX)
    rows = tables["parameters"].filter(~known)
    for row, name in rows.select(ROW, "parameter").rows():
        yield Finding(
            "parameters",
            row,
            "parameter",
            name,
            "unknown_parameter",
            Both(f'there is no parameter "{name}".', f"没有参数“{name}”。"),
            nearest(name, COURSE_PARAMETERS)
            or Both(f"Parameters: {', '.join(COURSE_PARAMETERS)}.", f"参数有：{'、'.join(COURSE_PARAMETERS)}。"),
        )


def parameter_range(tables: Mapping[str, pl.DataFrame]) -> Iterator[Finding]:
    """Parameters outside their range."""
    for row, name, value in tables["parameters"].select(ROW, "parameter", "value").rows():
        known = COURSE_PARAMETERS.get(name)
        if known is None or value is None or known.least <= value <= known.most:
            continue
        yield Finding(
            "parameters",
            row,
            "value",
            show(value),
            "parameter_range",
            Both(f"{name} is {known.text}; {show(value)} cannot be.", f"参数 {name} 不可能为 {show(value)}。"),
            Both(
                f"Give a value from {known.least:g} to {known.most:g}.", f"请填写 {known.least:g} 至 {known.most:g}。"
            ),
        )


def projection_kind(tables: Mapping[str, pl.DataFrame]) -> Iterator[Finding]:
    """Projections that are both quantile and sample path, or neither."""
    level, path = pl.col("level").is_not_null(), pl.col("path").is_not_null()
    for row, both in tables["projections"].filter(level == path).select(ROW, level.alias("both")).rows():
        yield Finding(
            "projections",
            row,
            "level, path",
            "",
            "projection_kind",
            Both("the row is both a quantile and a sample path.", "该行既是分位数又是样本路径。")
            if both
            else Both("the row is no quantile and no sample path.", "该行既不是分位数也不是样本路径。"),
            Both(
                "Give a level, such as 0.5, or the number of a path, and not both.",
                "请填写分位水平（如 0.5）或路径编号，二者只填其一。",
            ),
        )


def revision_window(tables: Mapping[str, pl.DataFrame]) -> Iterator[Finding]:
    """Revisions that do not reach back."""
    late = tables["revisions"].filter(pl.col("from") >= pl.col("date"))
    for row, first, day in late.select(ROW, "from", "date").rows():
        yield Finding(
            "revisions",
            row,
            "from",
            show(first),
            "revision_window",
            Both(
                f"cases counted on {day} cannot be moved to {first} and later.",
                f"{day} 计入的病例不能移到 {first} 及以后。",
            ),
            Both(
                "Give the first day they belong to, before the day on which they were counted.",
                "请填写病例所属的首日，须早于计入日。",
            ),
        )


RULES = (
    Rule("parameter_range", "A parameter of the course lies within its range.", parameter_range, ("parameters",)),
    Rule("projection_kind", "A projection is a quantile or a sample path.", projection_kind, ("projections",)),
    Rule("revision_window", "A revision moves cases to earlier days.", revision_window, ("revisions",)),
    Rule("unknown_parameter", "A parameter is one that a course has.", unknown_parameter, ("parameters",)),
)
