"""The tables of stress: what each loss costs, the smallest blow, what to have ready against it; declared once."""

from __future__ import annotations

from mainstay.tables.columns import TIERS
from mainstay.tables.declaration import Column, Table


def _id(name: str, text: str, text_zh: str) -> Column:
    return Column(name, "id", text, text_zh, key=True, required=True)


def _note(name: str, text: str, text_zh: str) -> Column:
    return Column(name, "id", text, text_zh)


def _number(name: str, text: str, text_zh: str, unit: str, *, required: bool = True) -> Column:
    return Column(name, "number", text, text_zh, unit=unit, required=required)


_RANK = Column("rank", "integer", "rank, the heaviest first", "排序", key=True, required=True)
_LABEL = (Column("label", "text", "name", "名称（英文）"), Column("label_zh", "text", "name in Chinese", "名称"))
_TEXT = (Column("text", "text", "in words", "说明（英文）"), Column("text_zh", "text", "in Chinese", "说明"))
_KIND = _note("kind", "kind of what is lost; several: more than one thing at once", "类型")
_PLACE = _note("place", "where it is; of a lane its origin", "所在地")

_TABLES = (
    Table(
        "exposures",
        "Disruptions by how much need is lost for them, and how long each is survived.",
        "中断的影响（按损失排序）",
        (
            _RANK,
            _id("disruption", "what is lost: kind:name, several joined by +", "中断对象"),
            _KIND,
            *_LABEL,
            _PLACE,
            _number("share", "share of it that is lost", "丧失比例", "0 to 1"),
            _number(
                "loss",
                "more need lost than undisturbed; 1 is all vital need of an item of weight 1",
                "损失",
                "weighted shares of need",
            ),
            _number("loss_share", "the same as share of all that is needed", "损失占需求", "0 to 1"),
            _number("index", "exposure index: its loss as share of the largest loss of the run", "暴露指数", "0 to 1"),
            _number("fill_rate", "share of the weighted need that is met under it", "满足率", "0 to 1"),
            _number("recover_days", "time to recover: days until all of it is back", "恢复时间", "days"),
            _number(
                "survive_days",
                "time to survive: longest such loss without further loss of need; empty: to the end of the horizon",
                "可承受时间",
                "days",
                required=False,
            ),
            Column("is_exposed", "boolean", "whether it lasts longer than it is survived", "是否暴露", required=True),
            _note("worst_item", "item of which most is lost, by weight", "损失最重物资"),
            _note("worst_place", "place where most of that is lost", "损失最重地区"),
            *_TEXT,
        ),
    ),
    Table(
        "stress_losses",
        "What each disruption loses more than undisturbed, by item, place and tier. Where several ways out are equally "
        "good, this is one of them.",
        "各中断造成的缺口",
        (
            _id("disruption", "what is lost", "中断对象"),
            _id("item", "item", "物资"),
            _id("place", "place", "地点"),
            Column("tier", "choice", "tier", "层级", key=True, required=True, choices=TIERS),
            _number("lost", "more lost than undisturbed; negative: less", "新增损失", "units of the item"),
            _number("need", "all that is needed within the horizon", "需求", "units of the item"),
        ),
    ),
    Table(
        "blow",
        "The smallest blow found that pushes the fill of vital needs below the target.",
        "最小打击",
        (
            _RANK,
            _id("disruption", "one thing that is lost in it", "中断对象"),
            _KIND,
            *_LABEL,
            _PLACE,
            _number("weight", "what it weighs in the search", "权重", ""),
        ),
    ),
    Table(
        "hardening",
        "What to have ready so that the blow no longer pushes the fill below the target: the cheapest mix.",
        "加固措施（最低费用）",
        (
            _RANK,
            Column(
                "what",
                "choice",
                "stock: more of it before the blow; offer, room: as much again under contract; budget: more money",
                "措施",
                required=True,
                choices=("stock", "offer", "room", "budget"),
            ),
            _note("name", "import source, lane or pool", "对象"),
            _note("item", "item", "物资"),
            _note("place", "place", "地点"),
            _number("quantity", "how much", "数量", "units of the item, of the lane, or money"),
            _number("cost", "cost", "费用", "money"),
            *_TEXT,
        ),
    ),
)

STRESS_TABLES = {table.name: table for table in _TABLES}
"""Tables of stress by name, in the order of a reader's questions."""
