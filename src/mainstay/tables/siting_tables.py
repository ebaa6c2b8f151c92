"""The tables of siting: where sites could stand, whom they serve, what may fail; and what came of it."""

from __future__ import annotations

from mainstay.tables.columns import SOURCE, code
from mainstay.tables.declaration import Column, Table

_QUANTITY = "units of need"
_REGION = Column("region", "id", "region it lies in", "所在区域")


def _id(name: str, text: str, text_zh: str) -> Column:
    return Column(name, "id", text, text_zh, key=True, required=True)


def _money(name: str, text: str, text_zh: str, unit: str, default: float | None = None) -> Column:
    return Column(name, "number", text, text_zh, unit=unit, least=0, required=default is None, default=default)


def _number(name: str, text: str, text_zh: str, unit: str, *, required: bool = True) -> Column:
    return Column(name, "number", text, text_zh, unit=unit, required=required)


SITES = Table(
    "sites",
    "Where plants and depots stand or could stand.",
    "备选厂址与库址",
    (
        code("site", "code of the site", "站点代码"),
        Column("name", "text", "name", "名称（英文）"),
        Column("name_zh", "text", "name in Chinese", "名称"),
        Column(
            "kind",
            "choice",
            "plant: gives; depot: passes on what it gets",
            "类型",
            choices=("plant", "depot"),
            default="plant",
        ),
        _REGION,
        _money(
            "fixed_cost",
            "cost of opening it, or of keeping it open; 0 where it stands and is paid for",
            "固定费用",
            "money",
        ),
        Column("capacity", "number", "most that it can give; empty: no limit", "能力", unit=_QUANTITY, least=0),
        _money("unit_cost", "cost of each unit that it gives", "单位费用", "money per unit", 0.0),
        SOURCE,
    ),
    required=True,
)

CUSTOMERS = Table(
    "customers",
    "Who must be served, and how much they need.",
    "服务对象",
    (
        code("customer", "code of the customer", "对象代码"),
        Column("name", "text", "name", "名称（英文）"),
        Column("name_zh", "text", "name in Chinese", "名称"),
        _REGION,
        Column("need", "number", "what is needed", "需求", unit=_QUANTITY, required=True, least=0),
        Column(
            "need_sd",
            "number",
            "its standard deviation, for pooled safety stock",
            "需求标准差",
            unit=_QUANTITY,
            least=0,
        ),
        Column(
            "shortage_cost",
            "number",
            "price of a unit that is not served; empty: all must be served",
            "缺口单价",
            unit="money per unit",
            least=0,
        ),
        SOURCE,
    ),
    required=True,
)

LINKS = Table(
    "links",
    "From which site whom goods can reach, how far it is and what a unit costs.",
    "供应关系",
    (
        _id("origin", "site", "起点"),
        _id("destination", "customer, or depot", "终点"),
        _money("unit_cost", "cost of carrying a unit", "单位运费", "money per unit"),
        Column("distance_km", "number", "distance; needed for rules of distance", "距离", unit="km", least=0),
        SOURCE,
    ),
    required=True,
)

FAILURES = Table(
    "failures",
    "What may fail together: all sites of the regions named are lost at once.",
    "区域性失效",
    (
        _id("failure", "code of the failure; several rows for one that takes several regions", "失效代码"),
        _id("region", "region whose sites are lost", "区域"),
        Column(
            "chance",
            "number",
            "probability, the same in all rows",
            "概率",
            unit="0 to 1",
            required=True,
            least=0,
            most=1,
        ),
        SOURCE,
    ),
)

SITING_INPUTS = {t.name: t for t in (SITES, CUSTOMERS, LINKS, FAILURES)}
"""What siting reads."""

OPENED = Table(
    "opened",
    "Each site: whether it is open, and how much of it is used while nothing fails.",
    "选址结果",
    (
        _id("site", "site", "站点"),
        Column("is_open", "boolean", "whether it is open", "是否启用", required=True),
        _number("fixed_cost", "what opening it costs", "固定费用", "money"),
        _number("given", "what it gives", "供应量", _QUANTITY),
        _number("utilisation", "given / capacity; empty: no limit", "利用率", "share", required=False),
        Column("num_customers", "integer", "customers that it serves", "服务对象数", required=True),
        _number(
            "pooled_stock", "safety stock for all its customers together", "合并安全库存", _QUANTITY, required=False
        ),
        _number(
            "separate_stock", "safety stock if each customer held its own", "分散安全库存", _QUANTITY, required=False
        ),
    ),
)

DELIVERIES = Table(
    "deliveries",
    "What goes from where to whom, by outcome.",
    "配送关系",
    (
        _id("failure", "what fails; none: nothing", "失效"),
        _id("origin", "site", "起点"),
        _id("destination", "customer or depot", "终点"),
        _number("quantity", "what goes", "数量", _QUANTITY),
        _number("cost", "what it costs", "费用", "money"),
        _number("distance_km", "distance", "距离", "km", required=False),
    ),
)

SHORT = Table(
    "short",
    "Who is short of how much, by outcome.",
    "缺口",
    (
        _id("failure", "what fails; none: nothing", "失效"),
        _id("customer", "customer", "服务对象"),
        _number("quantity", "what is not served", "数量", _QUANTITY),
    ),
)

REGIONS_SERVED = Table(
    "regions_served",
    "How far each region serves itself while nothing fails.",
    "区域自给",
    (
        _id("region", "region", "区域"),
        _number("need", "what its customers need", "需求", _QUANTITY),
        _number("own", "what its own sites give them", "本地供应", _QUANTITY),
        _number("own_share", "own / need", "自给率", "0 to 1"),
        _number("wanted_share", "least share asked for", "要求自给率", "0 to 1"),
    ),
)

SITING_TABLES = {t.name: t for t in (OPENED, DELIVERIES, SHORT, REGIONS_SERVED)}
"""What siting gives."""
