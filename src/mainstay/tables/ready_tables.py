"""The tables of keeping things ready: who uses a reserve up in peacetime, its calendar, scores, use in quiet years."""

from __future__ import annotations

from mainstay.tables.columns import SOURCE, TIERS, reference
from mainstay.tables.declaration import Column, Table

ACTIONS = ("buy", "issue", "scrap")
"""What happens to a lot: it is bought for the reserve, issued to daily users, or scrapped when its time is over."""
CLASSES = ("A", "B", "C")
"""Classes by share of money spent: A the few that cost most."""
CATEGORIES = ("I", "II", "III")
"""Categories of control, from value and importance together."""


def _id(name: str, text: str, text_zh: str) -> Column:
    return Column(name, "id", text, text_zh, key=True, required=True)


def _number(name: str, text: str, text_zh: str, unit: str, *, required: bool = True) -> Column:
    return Column(name, "number", text, text_zh, unit=unit, required=required)


def _choice(name: str, text: str, text_zh: str, choices: tuple[str, ...]) -> Column:
    return Column(name, "choice", text, text_zh, required=True, choices=choices)


_ITEM = _id("item", "item", "物资")
_PLACE = _id("place", "place", "地点")
_UNITS = "units of the item"
_DAILY = "units of the item per day"

ROTATIONS = Table(
    "rotations",
    "What daily users take of an item in peacetime, through which a reserve of it is kept fresh.",
    "储备轮换：平时日常用量",
    (
        reference("item", "items.item", "what", "物资", key=True),
        reference("place", "places.place", "where the reserve is", "地点", key=True),
        Column(
            "usage_per_day",
            "number",
            "what the users who draw on this reserve take in peacetime",
            "平时日用量",
            unit=_DAILY,
            required=True,
            least=0,
        ),
        Column(
            "residual_days",
            "integer",
            "least days that goods must still have when they are issued",
            "出库最低剩余保质期",
            unit="days",
            least=0,
            default=0,
        ),
        Column(
            "every_days", "integer", "days from one purchase to the next", "采购间隔", unit="days", least=1, default=30
        ),
        SOURCE,
    ),
)

ROTATION_PLAN = Table(
    "rotation_plan",
    "Each reserve that is kept fresh through daily users: how much may be held, and whether anything will expire.",
    "轮换方案",
    (
        _ITEM,
        _PLACE,
        _number("held", "least that is there at any time", "储备量", _UNITS),
        _number(
            "limit",
            "largest reserve of which nothing is ever wasted; empty: it never expires",
            "无浪费上限",
            _UNITS,
            required=False,
        ),
        _number("usage_per_day", "what daily users take", "平时日用量", _DAILY),
        _number("turn_days", "days in which all of it is used and replaced", "周转天数", "days", required=False),
        Column("shelf_life_days", "integer", "shelf life of what is bought", "保质期", unit="days"),
        _number("bought", "bought over the calendar", "采购量", _UNITS),
        _number("issued", "issued to daily users over the calendar", "出库量", _UNITS),
        _number("scrapped", "scrapped over the calendar", "报废量", _UNITS),
        _number("scrapped_opening", "of these, from the lots that were there at the start", "其中期初批次", _UNITS),
        _number("least_residual", "fewest days that anything issued still had", "最短剩余期", "days", required=False),
    ),
)

ROTATION_CALENDAR = Table(
    "rotation_calendar",
    "What to buy, issue and scrap when, lot by lot.",
    "轮换日历",
    (
        _ITEM,
        _PLACE,
        Column("date", "date", "first day of the interval", "日期", key=True, required=True),
        Column("action", "choice", "buy, issue or scrap", "动作", key=True, required=True, choices=ACTIONS),
        _id("lot", "lot; those bought are named by their day", "批号"),
        _number("quantity", "quantity within the interval", "数量", _UNITS),
        Column("expires", "date", "last day on which the lot may be used; empty: never", "失效期"),
    ),
)

SCORES = Table(
    "scores",
    "Items by how much they deserve to be ready: surge x severity x irreplaceability x time to recover over survival.",
    "物资储备评分",
    (
        Column("rank", "integer", "rank, the highest score first", "排序", key=True, required=True),
        Column("item", "id", "item", "物资", required=True),
        _number("score", "score; the highest is 100", "得分", "0 to 100"),
        _number("surge", "need of the worst weeks that may come over the usual need", "激增倍数", ""),
        _number("severity", "weight of its tier times that of the item", "严重度", ""),
        _number(
            "irreplaceability", "how few hands it is in and how little can stand in for it", "不可替代度", "0 to 1"
        ),
        _number("recover_days", "days until new goods reach those who need them", "恢复时间", "days"),
        _number("survive_days", "days that stock and capacity last at the need of an event", "可承受时间", "days"),
        _number("urgency", "recover / survive, survive counted as one day at least", "紧迫度", ""),
        _number("hhi", "concentration of its makers and sources", "集中度", "0 to 10,000"),
        _number("substitutes", "share of a need that a substitute in the case could meet", "替代率", "0 to 1"),
        _number("value", "value of what is needed in the horizon", "需求金额", "money", required=False),
        _choice("abc", "class by share of money", "ABC 分类", (*CLASSES, "none")),
        _choice("ved", "importance", "VED 分类", (*TIERS, "none")),
        _choice("category", "category of control", "管理类别", (*CATEGORIES, "none")),
        Column("text", "text", "in words", "说明（英文）"),
        Column("text_zh", "text", "in Chinese", "说明"),
    ),
)

PEACETIME = Table(
    "peacetime",
    "How much of each kept line and each stock is used in a year without an event.",
    "平时利用率",
    (
        Column("kind", "choice", "line or stock", "类型", key=True, required=True, choices=("line", "stock")),
        _id("name", "kind of line; of a stock its item", "名称"),
        Column("place", "id", "where; of lines empty", "地点", key=True),
        _number("capacity", "what it could give, or how fast it must be used to stay fresh", "能力", _DAILY),
        _number("usage", "what is used of it; empty: not known", "平时用量", _DAILY, required=False),
        _number("utilisation", "usage / capacity", "利用率", "share", required=False),
        Column("is_idle", "boolean", "below the threshold: more than peacetime can keep busy", "是否过剩"),
        Column("text", "text", "in words", "说明（英文）"),
        Column("text_zh", "text", "in Chinese", "说明"),
    ),
)

READY_TABLES = {t.name: t for t in (SCORES, ROTATION_PLAN, ROTATION_CALENDAR, PEACETIME)}
"""What keeping things ready gives, in the order of a reader's questions."""
