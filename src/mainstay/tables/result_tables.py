"""The tables of a plan: what is decided and what comes of it, declared once.

``date`` is the first day of a period and ``days`` its length. A quantity is the total of the period,
spread evenly over its days; what takes n days to take effect does so n days after each of them.
"""

from __future__ import annotations

from mainstay.tables.case_tables import OWNERS
from mainstay.tables.columns import TIERS
from mainstay.tables.declaration import Column, Table
from mainstay.tables.demand_tables import MODES


def _number(name: str, text: str, text_zh: str, unit: str = "units of the item") -> Column:
    return Column(name, "number", text, text_zh, unit=unit, required=True)


def _id(name: str, text: str, text_zh: str) -> Column:
    return Column(name, "id", text, text_zh, key=True, required=True)


def _note(name: str, text: str, text_zh: str) -> Column:
    return Column(name, "id", text, text_zh)


_DATE = Column("date", "date", "first day of the period", "起始日", key=True, required=True)
_DAYS = Column("days", "integer", "length of the period", "天数", unit="days", required=True)
_READY = Column("ready_date", "date", "day on which what starts on the first day takes effect", "生效日", required=True)
_COST = _number("cost", "cost", "费用", "money")
_PLACE = _id("place", "place", "地点")
_ITEM = _id("item", "item", "物资")
_OWNER = Column("owner", "choice", "whose stock", "持有者", key=True, required=True, choices=OWNERS)
_TIER = Column("tier", "choice", "tier", "层级", key=True, required=True, choices=TIERS)

_RUN = (
    _DATE,
    _DAYS,
    _id("line", "group of lines; L>K are lines of L converted to kind K", "产线"),
    _id("process", "process", "工艺"),
    _note("enterprise", "enterprise", "企业"),
    _note("place", "place", "地点"),
    _note("item", "what comes out", "产出物资"),
    _number("started", "units started", "投产量"),
    _number("quantity", "good units that come of them", "产出量"),
    _READY,
    _COST,
)

_RESULTS = (
    Table("production", "What is made, on which lines, when.", "生产", _RUN),
    Table("releases", "What is released from quarantine, by which process.", "放行（灭菌）", _RUN),
    Table(
        "capacity",
        "Lines that stand, can be used, and are used, averaged over the period.",
        "产能与利用",
        (
            _DATE,
            _DAYS,
            _id("line", "group of lines", "产线"),
            _note("kind", "kind of line", "类型"),
            _note("enterprise", "enterprise", "企业"),
            _note("place", "place", "地点"),
            _number("lines", "lines that stand there", "产线数", "lines"),
            _number(
                "usable",
                "usable lines: availability, conversions, ramps and measures counted",
                "可用数",
                "lines",
            ),
            _number("used", "lines in use", "使用数", "lines"),
        ),
    ),
    Table(
        "conversions",
        "Lines converted from another kind, and new lines set up.",
        "转产",
        (
            _DATE,
            _DAYS,
            _id("conversion", "conversion", "转产"),
            _id("line", "group of lines that gives or hosts the lines", "产线"),
            _note("to_line", "group that they become", "新产线"),
            _note("enterprise", "enterprise", "企业"),
            _note("place", "place", "地点"),
            _number("lines", "lines", "产线数", "lines"),
            _READY,
            _COST,
        ),
    ),
    Table(
        "licences",
        "Reviews started.",
        "审批",
        (
            _DATE,
            _DAYS,
            _id("enterprise", "maker", "企业"),
            _ITEM,
            Column(
                "track",
                "choice",
                "normal review or fast track",
                "通道",
                key=True,
                required=True,
                choices=("normal", "fast"),
            ),
            _number("number", "reviews: 1, or a share where whole numbers were relaxed", "数量", "reviews"),
            _READY,
            _COST,
        ),
    ),
    Table(
        "measures",
        "Support measures taken.",
        "措施",
        (
            _DATE,
            _DAYS,
            _id("measure", "measure", "措施"),
            _note("target", "what it helps", "对象"),
            _number("number", "taken: 1, or a share where whole numbers were relaxed", "数量", "measures"),
            _READY,
            _COST,
        ),
    ),
    Table(
        "imports",
        "What is ordered abroad.",
        "进口",
        (
            _DATE,
            _DAYS,
            _id("source", "offer", "货源"),
            Column(
                "customs",
                "choice",
                "normal or express customs",
                "通关方式",
                key=True,
                required=True,
                choices=("normal", "express"),
            ),
            _note("item", "item", "物资"),
            _note("port", "port", "口岸"),
            _number("quantity", "quantity ordered", "数量"),
            _READY,
            _COST,
        ),
    ),
    Table(
        "shipments",
        "What is shipped, over which lane.",
        "调运",
        (
            _DATE,
            _DAYS,
            _id("lane", "lane", "通道"),
            _ITEM,
            _note("origin", "from", "起点"),
            _note("destination", "to", "终点"),
            _note("mode", "mode", "方式"),
            _number("quantity", "quantity that departs", "数量"),
            _READY,
            _number("load", "room that it takes", "占用运力", "capacity units of the lane"),
            _COST,
        ),
    ),
    Table(
        "departures",
        "Departures chartered.",
        "包机包车",
        (
            _DATE,
            _DAYS,
            _id("lane", "lane", "通道"),
            _number("number", "departures", "班次", "departures"),
            _COST,
        ),
    ),
    Table(
        "reserve_releases",
        "What the strategic reserve puts into distribution, the same day.",
        "储备动用",
        (_DATE, _DAYS, _PLACE, _ITEM, _number("quantity", "quantity", "数量")),
    ),
    Table(
        "expiries",
        "What leaves the stock because its date has come.",
        "过期",
        (_DATE, _DAYS, _PLACE, _ITEM, _OWNER, _number("quantity", "quantity", "数量"), _COST),
    ),
    Table(
        "stocks",
        "Stock at the end of each period.",
        "库存",
        (
            _DATE,
            _DAYS,
            _PLACE,
            _ITEM,
            _OWNER,
            _number("quantity", "stock at the end of the period", "数量"),
            _number("below_floor", "how far it is below its floor, averaged over the period", "低于最低库存"),
        ),
    ),
    Table(
        "service",
        "Which needs are served, with what.",
        "供应",
        (
            _DATE,
            _DAYS,
            _ITEM,
            _PLACE,
            _TIER,
            _id("used_item", "item that serves: the item itself or a substitute", "实际物资"),
            _OWNER,
            _number("quantity", "units of need served", "满足量"),
            _number("used_quantity", "units of the used item taken", "耗用量", "units of the used item"),
        ),
    ),
    Table(
        "shortages",
        "Every need: what was served, what more sparing use took off it, what waits, what is lost.",
        "需求与缺口",
        (
            _DATE,
            _DAYS,
            _ITEM,
            _PLACE,
            _TIER,
            _number("need", "need of the period", "需求"),
            _number("served", "served in the period, late needs included", "满足"),
            _number("waiting", "not met yet and may still be met late, at the end of the period", "待补"),
            _number("lost", "lost for good", "缺口"),
            _number("eased", "taken off the need by a more sparing mode of use", "节约"),
        ),
    ),
    Table(
        "modes",
        "Where use steps down to a more sparing mode, and what that saves.",
        "降级使用",
        (
            _DATE,
            _DAYS,
            _ITEM,
            _PLACE,
            _TIER,
            Column(
                "mode",
                "choice",
                "mode of use, stepped down to from the one before",
                "使用模式",
                key=True,
                required=True,
                choices=MODES[1:],
            ),
            _number("need", "need of the period under conventional use", "需求"),
            _number("possible", "most that the mode can save against the one before", "可节约量"),
            _number("saved", "what it saves: all that is possible, or the share of people that keep to it", "节约量"),
        ),
    ),
    Table(
        "target_gaps",
        "Stock wanted and stock there.",
        "目标库存缺口",
        (
            _DATE,
            _DAYS,
            _PLACE,
            _ITEM,
            _number("target", "stock wanted", "目标"),
            _number("missing", "how much is missing", "差额"),
        ),
    ),
    Table(
        "decisions",
        "Every decision by the name of its task in the network, for the next plan to keep to.",
        "全部决策（供下期计划对照）",
        (
            _DATE,
            _DAYS,
            _id("task", "task of the network", "任务"),
            _note("kind", "kind of task", "类型"),
            _number("extent", "units started", "启动量", "units of the task"),
        ),
    ),
    Table(
        "pipeline",
        "What is under way at the end of the horizon.",
        "在途在制",
        (
            _id("kind", "kind of task", "类型"),
            _id("subject", "process, lane or source", "对象"),
            _ITEM,
            _PLACE,
            Column(
                "ready_date",
                "date",
                "first day on which some of it is there",
                "到达日",
                key=True,
                required=True,
            ),
            _number("quantity", "quantity", "数量"),
        ),
    ),
    Table(
        "prices",
        "What one more unit would be worth, in the first stage that it would improve.",
        "影子价格",
        (
            _DATE,
            _DAYS,
            _id("stage", "stage of the objective", "目标阶段"),
            _id("resource", "resource", "资源"),
            _note("what", "kind of resource", "资源类型"),
            _note("item", "item", "物资"),
            _note("place", "place", "地点"),
            _note("subject", "line, lane, pool ...", "对象"),
            _number("price", "improvement of the stage by one more unit", "价格", "units of the stage per unit"),
        ),
    ),
    Table(
        "reasons",
        "Why needs are not met: what binds, where, until when, and what could be done.",
        "缺口原因",
        (
            _ITEM,
            _PLACE,
            _TIER,
            Column("from", "date", "first day of the shortage", "起始日", key=True, required=True),
            Column("to", "date", "last day of the shortage", "截止日", required=True),
            _number("lost", "units lost", "缺口"),
            Column(
                "rank",
                "integer",
                "rank of the reason, the one that weighs most first",
                "排序",
                key=True,
                required=True,
            ),
            _note("what", "kind of resource that binds", "资源类型"),
            _note("resource", "resource that binds", "资源"),
            Column("binds_until", "date", "last day on which it binds", "约束截止日", required=True),
            Column("chain", "list", "from the need upstream to what binds", "约束链"),
            Column("counted_in", "text", "what the resource is counted in", "资源单位"),
            Column(
                "promised",
                "number",
                "units of the item that one more unit of it is worth, by its price",
                "影子价格所示效果",
                unit="units of the item",
            ),
            Column(
                "found",
                "number",
                "the same, found by solving again with a little more",
                "重新求解所得效果",
                unit="units of the item",
            ),
            Column(
                "range",
                "number",
                "most of it up to which each unit brings what was promised, within 1 %",
                "成立范围",
                unit="units of the resource",
            ),
            Column("holds", "boolean", "whether the promise held when it was tried", "是否成立"),
            Column("text", "text", "the reason in words", "说明"),
            Column("text_zh", "text", "the reason in Chinese", "中文说明"),
        ),
    ),
)

RESULT_TABLES: dict[str, Table] = {t.name: t for t in _RESULTS}
"""All tables of a plan, in the order in which they are written and shown."""

_WHY = (
    Table(
        "levers",
        "What could still be done about a shortage, what brings most first; each was solved again with it allowed.",
        "可采取的措施",
        (
            _ITEM,
            _PLACE,
            _TIER,
            Column("rank", "integer", "rank, what brings most first", "排序", key=True, required=True),
            Column(
                "kind",
                "choice",
                "what is done",
                "类型",
                required=True,
                choices=("convert", "license", "measure", "import", "lines", "release", "ease", "borrow"),
            ),
            _note("subject", "line, maker, measure, source, mode or place", "对象"),
            Column("from", "date", "first day on which it can be done", "最早日期", required=True),
            Column("until", "date", "last day on which it still brings a twentieth of that", "有效期至", required=True),
            _number("amount", "how much: starts, units of the item, or lines", "数量", "units"),
            _number("gain", "units of the item that it brings", "增益"),
            _number("gain_per_day", "the same for each day of the rest of the plan", "每日增益"),
            Column("cost", "number", "what it costs; empty: not known", "费用", unit="money"),
            Column("gain_per_cost", "number", "units for each unit of money", "每单位费用增益"),
            Column("text", "text", "the same in words", "说明"),
            Column("text_zh", "text", "the same in Chinese", "中文说明"),
        ),
    ),
    Table(
        "instead",
        "Who gets the goods where others go short, and by which rule.",
        "物资去向",
        (
            _ITEM,
            _PLACE,
            _TIER,
            _id("to", "who gets them: a place, or stock that must stay", "去向"),
            _id("to_tier", "tier that is served there; floor: stock that must stay", "去向层级"),
            _number("quantity", "what goes there on the days of the shortage", "数量"),
            Column("fill_rate", "number", "share of the need met there over the plan", "满足率", unit="share"),
            Column(
                "rule",
                "choice",
                "by which rule",
                "规则",
                required=True,
                choices=("tier", "fairness", "deprivation", "reach", "floor", "in force"),
            ),
            Column("text", "text", "the same in words", "说明"),
            Column("text_zh", "text", "the same in Chinese", "中文说明"),
        ),
    ),
)

WHY_TABLES: dict[str, Table] = {t.name: t for t in _WHY}
"""Tables of an explanation, beside the reasons."""
