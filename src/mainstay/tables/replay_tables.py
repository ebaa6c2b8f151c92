"""The tables of a replay: how each policy fared on a history, day by day; declared once."""

from __future__ import annotations

from mainstay.tables.columns import TIERS
from mainstay.tables.declaration import Column, Table


def _id(name: str, text: str, text_zh: str) -> Column:
    return Column(name, "id", text, text_zh, key=True, required=True)


def _note(name: str, text: str, text_zh: str) -> Column:
    return Column(name, "id", text, text_zh)


def _number(name: str, text: str, text_zh: str, unit: str, *, required: bool = True) -> Column:
    return Column(name, "number", text, text_zh, unit=unit, required=required)


_POLICY = _id("policy", "policy", "策略")
_DATE = Column("date", "date", "day", "日期", key=True, required=True)
_MADE_ON = Column("made_on", "date", "day on which it was decided or foreseen", "作出日期", key=True, required=True)
_ITEM, _PLACE = _id("item", "item", "物资"), _id("place", "place", "地点")
_TIER = Column("tier", "choice", "tier", "层级", key=True, required=True, choices=TIERS)
_UNITS = "units of the item"
_LOSS = "weighted shares of need"

_TABLES = (
    Table(
        "policies",
        "How each policy fared on the same path; the one that lost least first.",
        "各策略表现（同一路径）",
        (
            Column("rank", "integer", "rank, least lost first", "排序", key=True, required=True),
            _note("policy", "policy", "策略"),
            _number(
                "vital", "share of vital needs met, items weighing alike", "关键需求满足率", "0 to 1", required=False
            ),
            _number("essential", "the same of essential needs", "重要需求满足率", "0 to 1", required=False),
            _number("desirable", "the same of desirable needs", "一般需求满足率", "0 to 1", required=False),
            _number("loss", "need lost; 1 is all vital need of an item of weight 1", "损失", _LOSS),
            _number("least", "least that anybody could lose who knew all", "最小可能损失", _LOSS, required=False),
            _number("regret", "what it lost more than that", "遗憾值", _LOSS, required=False),
            _number("cost", "money spent", "费用", "money"),
            _number("waste", "value of what expired, part of the cost", "过期损失", "money"),
            Column("cuts", "integer", "decisions that could not be carried out in full", "未能全部执行的决策数"),
            Column("changed", "integer", "decisions changed inside the frozen days", "冻结期内变更数"),
            Column("kept", "integer", "decisions that were kept there", "冻结期内未变更数"),
        ),
    ),
    Table(
        "replay_service",
        "What was needed, served, eased and lost, by day, item, place and tier.",
        "逐日需求与满足",
        (
            _POLICY,
            _DATE,
            _ITEM,
            _PLACE,
            _TIER,
            _number("need", "fell due", "需求", _UNITS),
            _number("served", "served, late needs included", "满足", _UNITS),
            _number("eased", "taken off the need by more sparing use", "节约", _UNITS),
            _number("waiting", "not met yet, may still be met late", "待补", _UNITS),
            _number("lost", "lost for good", "缺口", _UNITS),
        ),
    ),
    Table(
        "replay_days",
        "Each day in few figures.",
        "逐日汇总",
        (
            _POLICY,
            _DATE,
            _number("loss", "need lost", "损失", _LOSS),
            _number("cost", "money spent", "费用", "money"),
            _number("waste", "value of what expired", "过期损失", "money"),
            Column("cuts", "integer", "decisions that could not be carried out in full", "未能全部执行的决策数"),
        ),
    ),
    Table(
        "replay_output",
        "What was started to be made, released, ordered abroad or released from reserves, by day.",
        "逐日产出",
        (
            _POLICY,
            _DATE,
            Column(
                "kind",
                "choice",
                "make, release, import, reserve",
                "类型",
                key=True,
                required=True,
                choices=("make", "release", "import", "reserve"),
            ),
            _ITEM,
            _PLACE,
            _number("quantity", "good units that come of what was started", "数量", _UNITS),
        ),
    ),
    Table(
        "replay_lines",
        "Lines that could be used and were, by day and kind.",
        "逐日产能利用",
        (
            _POLICY,
            _DATE,
            _id("kind", "kind of line", "产线类型"),
            _number("usable", "lines that could be used", "可用", "lines"),
            _number("used", "lines in use", "使用", "lines"),
        ),
    ),
    Table(
        "replay_means",
        "Conversions, licences and measures begun, and departures chartered.",
        "转产、审批、措施与包机",
        (
            _POLICY,
            _DATE,
            _id("kind", "kind of decision", "类型"),
            _id("task", "task of the network", "任务"),
            _number("number", "how many", "数量", "units of the task"),
        ),
    ),
    Table(
        "replay_cuts",
        "Decisions that could not be carried out in full, with what was short.",
        "未能全部执行的决策",
        (
            _POLICY,
            _MADE_ON,
            _DATE,
            _id("task", "task of the network", "任务"),
            _note("kind", "kind of decision", "类型"),
            _number("wanted", "what was decided", "决策量", "units of the task"),
            _number("done", "what was done", "执行量", "units of the task"),
            _note("short_of", "resource that was short", "受限资源"),
        ),
    ),
    Table(
        "replay_changes",
        "How far each plan departs from the one before, inside the frozen days.",
        "计划变更（冻结期内）",
        (
            _POLICY,
            _MADE_ON,
            _id("kind", "kind of decision", "类型"),
            Column("changed", "integer", "decisions that differ", "变更数", required=True),
            Column("kept", "integer", "decisions that do not", "未变更数", required=True),
            _number("size", "sum of the differences, each in typical quantities of its item", "变更幅度", ""),
        ),
    ),
    Table(
        "replay_forecasts",
        "Needs as they were foreseen on each morning of decisions, and as they came.",
        "需求预测与实际",
        (
            _MADE_ON,
            _DATE,
            _ITEM,
            _TIER,
            _number("foreseen", "need foreseen for the day", "预测需求", _UNITS),
            _number("came", "need that fell due on it", "实际需求", _UNITS),
        ),
    ),
    Table(
        "replay_worth",
        "What each measure was worth: the same history lived through without it.",
        "各项措施的价值（去除后重演）",
        (
            _id("measure", "what is left out", "去除的措施"),
            _note("policy", "policy that lived through it", "策略"),
            _number("loss", "need lost with all measures", "全部措施下损失", _LOSS),
            _number("without", "need lost without this one", "去除后损失", _LOSS),
            _number("worth", "need that it saved", "价值", _LOSS),
            _number("vital", "share of vital needs met without it", "去除后关键需求满足率", "0 to 1", required=False),
            _number("cost", "money spent without it", "去除后费用", "money"),
        ),
    ),
)

REPLAY_TABLES = {table.name: table for table in _TABLES}
"""Tables of a replay by name, in the order of a reader's questions."""
