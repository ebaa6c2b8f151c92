"""Makers: bills of materials, processes and lines, conversions, licences."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from itertools import pairwise

import polars as pl

from mainstay.tables.declaration import Rule
from mainstay.tables.findings import Both, Finding
from mainstay.tables.raw import ROW, nearest

_SHARE = re.compile(r"\d+(\.\d*)?|\.\d+")


def recipe_cycle(tables: Mapping[str, pl.DataFrame]) -> Iterator[Finding]:
    """Bills of materials that eat themselves: an item that is needed, over some steps, to make itself."""
    edges = (
        tables["recipes"]
        .select("process", pl.col("item").alias("_input"), ROW)
        .join(tables["processes"].select("process", "item"), on="process", maintain_order="left")
        .filter(pl.col("_input").is_not_null() & pl.col("item").is_not_null())
        .unique(["item", "_input"], keep="first", maintain_order=True)
    )
    inputs: dict[str, list[tuple[str, int]]] = {}
    for item, taken, row in edges.select("item", "_input", ROW).rows():
        inputs.setdefault(item, []).append((taken, row))
    for ring, row in _rings(inputs):
        yield Finding(
            "recipes",
            row,
            "item",
            ring[-1],
            "recipe_cycle",
            Both(
                f"the bill of materials eats itself: {' needs '.join(ring)}.",
                f"物料清单自我循环：{' 需要 '.join(ring)}。",
            ),
            Both(
                "Take one of these inputs out, or give the item another code after processing.",
                "请去掉其中一项投入，或为加工后的物资另设代码。",
            ),
        )


def _rings(inputs: Mapping[str, list[tuple[str, int]]]) -> Iterator[tuple[list[str], int]]:
    """Rings of a graph, each once, with the row of the edge that closes it; depth first, without recursion."""
    finished: set[str] = set()
    for start in inputs:
        if start in finished:
            continue
        path: dict[str, None] = {start: None}
        stack = [(start, iter(inputs[start]))]
        while stack:
            item, rest = stack[-1]
            for taken, row in rest:
                if taken in path:
                    walked = list(path)
                    yield [*walked[walked.index(taken) :], taken], row
                elif taken in inputs and taken not in finished:
                    path[taken] = None
                    stack.append((taken, iter(inputs[taken])))
                    break
            else:
                finished.add(item)
                del path[item]
                stack.pop()


def possible_kinds(tables: Mapping[str, pl.DataFrame]) -> pl.DataFrame:
    """Which enterprise can have lines of which kind where: by its lines, or by converting them.

    Frame: enterprise, place, kind.
    """
    stand = tables["lines"].filter(pl.col("quantity") > 0).select("enterprise", "place", "kind").unique()
    changes = (
        tables["conversions"]
        .filter(pl.col("from_kind").is_not_null() & pl.col("to_kind").is_not_null())
        .select(pl.col("from_kind").alias("kind"), "to_kind")
    )
    converted = stand.join(changes, on="kind").select("enterprise", "place", pl.col("to_kind").alias("kind"))
    beside = tables["conversions"].filter(pl.col("from_kind").is_null())["to_kind"].drop_nulls()
    any_group = tables["lines"].filter(pl.col("kind").is_in(beside.implode()))
    return pl.concat([stand, converted, any_group.select("enterprise", "place", "kind")]).unique(maintain_order=True)


def possible_licences(tables: Mapping[str, pl.DataFrame]) -> pl.DataFrame:
    """Which enterprise holds a licence for which item, or can get one. Frame: enterprise, item."""
    return (
        tables["licences"]
        .filter(
            (pl.col("state") == "held") | pl.col("review_days").is_not_null() | pl.col("fast_review_days").is_not_null()
        )
        .select("enterprise", "item")
        .unique()
    )


def possible_runs(tables: Mapping[str, pl.DataFrame]) -> pl.DataFrame:
    """Which process can run at which place, lines and licences considered. Frame: process, item, place."""
    runs = tables["processes"].join(possible_kinds(tables), left_on="line_kind", right_on="kind")
    allowed = possible_licences(tables).with_columns(pl.lit(True).alias("_allowed"))
    return (
        runs.join(allowed, on=["enterprise", "item"], how="left")
        .filter(~pl.col("licence").fill_null(False) | pl.col("_allowed").fill_null(False))
        .select("process", "item", "place")
        .unique(maintain_order=True)
    )


def process_cannot_run(tables: Mapping[str, pl.DataFrame]) -> Iterator[Finding]:
    """Processes for which there is no line, or whose licence no maker with such lines holds or can get."""
    kinds = possible_kinds(tables)["kind"].drop_nulls().unique()
    runs = possible_runs(tables)["process"].unique()
    idle = tables["processes"].filter(
        pl.col("line_kind").is_not_null() & pl.col("item").is_not_null() & ~pl.col("process").is_in(runs.implode())
    )
    for row, process, item, kind in idle.select(ROW, "process", "item", "line_kind").rows():
        if kind in kinds:
            yield Finding(
                "processes",
                row,
                "licence",
                process,
                "process_cannot_run",
                Both(
                    f"nobody can run {process}: no enterprise with lines of kind {kind} "
                    f"holds or can get a licence for {item}.",
                    f"无人能运行 {process}：拥有 {kind} 类产线的企业均没有、也不能取得 {item} 的资质。",
                ),
                Both(
                    "Add the licence to the table licences (held, or with days of review), or correct the process.",
                    "请在 licences 表添加资质（已持有或填写审批天数），或更正工艺。",
                ),
                "warning",
            )
        else:
            yield Finding(
                "processes",
                row,
                "line_kind",
                kind,
                "process_cannot_run",
                Both(
                    f"nobody can run {process}: there is no line of kind {kind}, and no conversion leads to one.",
                    f"无人能运行 {process}：没有 {kind} 类产线，也没有转产方案可得到。",
                ),
                nearest(kind, kinds)
                or Both(
                    "Add such a line, add a conversion from a kind that stands somewhere, or take the process out.",
                    "请添加该类产线、添加由现有产线转产的方案，或删除该工艺。",
                ),
                "warning",
            )


def conversion_of_nothing(tables: Mapping[str, pl.DataFrame]) -> Iterator[Finding]:
    """Conversions that nobody can use: no group of lines of the kind that they begin with."""
    kinds = tables["lines"]["kind"].drop_nulls().unique()
    begins = pl.coalesce("from_kind", "to_kind")
    frame = (
        tables["conversions"].with_columns(begins.alias("_begins")).filter(~pl.col("_begins").is_in(kinds.implode()))
    )
    for row, name, kind, before in frame.select(ROW, "conversion", "_begins", "from_kind").rows():
        yield Finding(
            "conversions",
            row,
            "to_kind" if before is None else "from_kind",
            kind,
            "conversion_of_nothing",
            Both(
                f"nobody can use {name}: no line of kind {kind} stands anywhere.",
                f"无人能使用 {name}：任何地点都没有 {kind} 类产线。",
            ),
            nearest(kind, kinds)
            or Both("Add such lines, or take the conversion out.", "请添加该类产线，或删除该转产方案。"),
            "warning",
        )


def release_of_nothing(tables: Mapping[str, pl.DataFrame]) -> Iterator[Finding]:
    """Release processes without a recipe: they would make goods from nothing."""
    released = tables["processes"].filter(
        (pl.col("kind") == "release") & ~pl.col("process").is_in(tables["recipes"]["process"].implode())
    )
    for row, process in released.select(ROW, "process").rows():
        yield Finding(
            "processes",
            row,
            "process",
            process,
            "release_of_nothing",
            Both(
                f"{process} releases goods, but the table recipes does not say which quarantined item it takes.",
                f"{process} 用于放行，但 recipes 表没有说明它取用哪种待放行物资。",
            ),
            Both(
                "Add a row to recipes with this process and the item before release.",
                "请在 recipes 表添加该工艺及放行前的物资。",
            ),
        )


def conversion_terms(tables: Mapping[str, pl.DataFrame]) -> Iterator[Finding]:
    """Conversions that say too little: no limit, a kind into itself, a machine without its number."""
    columns = (ROW, "conversion", "from_kind", "to_kind", "machine", "machines_per_line", "most")
    for row, name, before, after, machine, number, most in tables["conversions"].select(columns).rows():
        if before is None and most is None:
            yield _conversion(
                row,
                "most",
                "",
                Both(f"{name} adds new lines without a limit.", f"{name} 新增产线而没有上限。"),
                Both("Give the most lines that one group may add.", "请填写一组最多可新增的产线数。"),
            )
        if before is not None and before == after:
            yield _conversion(
                row,
                "to_kind",
                after,
                Both(
                    f"{name} converts lines of kind {after} into the same kind.",
                    f"{name} 把 {after} 类产线转成同一类。",
                ),
                Both(
                    "Give another kind, or leave from_kind empty for new lines.",
                    "请填写另一类；若为新增产线，请将 from_kind 留空。",
                ),
            )
        if machine is not None and not number:
            yield _conversion(
                row,
                "machines_per_line",
                "",
                Both(
                    f"{name} needs {machine}, but not how many for each line.",
                    f"{name} 需要 {machine}，但未说明每条产线需要几台。",
                ),
                Both("Give the number of machines, or clear the machine.", "请填写台数，或清空设备。"),
            )
        if machine is None and number:
            yield _conversion(
                row,
                "machine",
                "",
                Both(
                    f"{name} needs {number:g} machines for each line, but not which.",
                    f"{name} 每条产线需要 {number:g} 台设备，但未说明是哪种。",
                ),
                Both("Give the item that is the machine, or clear the number.", "请填写作为设备的物资，或清空台数。"),
            )


def _conversion(row: int, column: str, value: str, message: Both, remedy: Both) -> Finding:
    return Finding("conversions", row, column, value, "conversion_terms", message, remedy)


def bad_ramp(tables: Mapping[str, pl.DataFrame]) -> Iterator[Finding]:
    """Ramps that are not shares rising to 1."""
    for row, ramp in tables["conversions"].filter(pl.col("ramp").is_not_null()).select(ROW, "ramp").rows():
        why = _ramp_fault(ramp)
        if why:
            yield Finding(
                "conversions",
                row,
                "ramp",
                ramp,
                "bad_ramp",
                Both(f'"{ramp}" {why}.', f"“{ramp}”{why.zh}。"),
                Both(
                    "Give the share of the full rate on each day, rising to 1, as in 0.25;0.5;1, or leave it empty.",
                    "请填写每日达到满产的比例，逐步升至 1，如 0.25;0.5;1；或留空。",
                ),
            )


def _ramp_fault(ramp: str) -> Both:
    parts = [part.strip() for part in ramp.split(";")]
    wrong = next((part for part in parts if not _SHARE.fullmatch(part)), None)
    if wrong is not None:
        return Both(f'has a part "{wrong}" that is no share from 0 to 1', f"中的“{wrong}”不是 0 至 1 的比例")
    shares = [float(part) for part in parts]
    if any(share > 1 for share in shares):
        return Both("has a share above 1", "中有大于 1 的比例")
    if any(later < earlier for earlier, later in pairwise(shares)):
        return Both("falls from one day to the next", "中后一日低于前一日")
    return Both() if shares[-1] == 1 else Both("does not end with 1", "没有以 1 结束")


def licence_terms(tables: Mapping[str, pl.DataFrame]) -> Iterator[Finding]:
    """Licences that say too little: an application without its days, a pool without the effort it costs."""
    frame = tables["licences"]
    for row in frame.filter((pl.col("state") == "applied") & pl.col("review_days").is_null())[ROW]:
        yield _licence(
            row,
            "review_days",
            Both("the licence is applied for, but the days of the review are empty.", "资质已申请，但审批天数为空。"),
            Both("Give the days from the start of the plan until it is granted.", "请填写自计划起始日至批准的天数。"),
        )
    effort = pl.col("review_effort").fill_null(0) > 0
    for row in frame.filter(pl.col("reviewer_pool").is_not_null() & ~effort)[ROW]:
        yield _licence(
            row,
            "review_effort",
            Both(
                "a pool of reviewers is named, but not how much of it a review takes.",
                "已指定审评资源池，但未填写一次审评占用多少。",
            ),
            Both("Give the effort each day, or clear the pool.", "请填写每日占用量，或清空资源池。"),
        )
    for row in frame.filter(pl.col("reviewer_pool").is_null() & effort)[ROW]:
        yield _licence(
            row,
            "reviewer_pool",
            Both("an effort is given, but not which pool it draws on.", "已填写占用量，但未指定资源池。"),
            Both("Give the pool, or clear the effort.", "请填写资源池，或清空占用量。"),
        )


def _licence(row: int, column: str, message: Both, remedy: Both) -> Finding:
    return Finding("licences", row, column, "", "licence_terms", message, remedy)


RULES = (
    Rule("recipe_cycle", "No item is needed to make itself.", recipe_cycle, ("recipes", "processes")),
    Rule(
        "process_cannot_run",
        "Each process has a line it can run on, and a maker who may run it.",
        process_cannot_run,
        ("processes", "lines", "conversions", "licences"),
    ),
    Rule(
        "conversion_of_nothing",
        "Each conversion begins with lines that stand somewhere.",
        conversion_of_nothing,
        ("conversions", "lines"),
    ),
    Rule(
        "release_of_nothing",
        "A release process takes the goods before release.",
        release_of_nothing,
        ("processes", "recipes"),
    ),
    Rule(
        "conversion_terms",
        "A conversion has a limit, two kinds, and a machine with its number.",
        conversion_terms,
        ("conversions",),
    ),
    Rule("bad_ramp", "A ramp is a list of shares rising to 1.", bad_ramp, ("conversions",)),
    Rule(
        "licence_terms",
        "An application has its days; a pool of reviewers has its effort.",
        licence_terms,
        ("licences",),
    ),
)
