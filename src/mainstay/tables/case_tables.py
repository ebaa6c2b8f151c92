"""The tables of a case: what a supply office knows, declared once."""

from __future__ import annotations

from mainstay.tables.declaration import Column, Table
from mainstay.units import UNITS

TIERS = ("vital", "essential", "desirable")
"""Tiers of a need, first served first."""

OWNERS = ("enterprise", "reserve", "facility")
"""Who holds a stock: in distribution; a strategic reserve, to be released; a facility, for its own use."""

_SOURCE = Column("source", "text", "where the figures of this row come from", "本行数据来源")
_UNIT = Column(
    "unit",
    "choice",
    "unit of the quantity; when given it must be the item's own",
    "数量单位；若填写须与物资单位一致",
    choices=tuple(UNITS),
)


def _id(name: str, text: str, text_zh: str, example: str = "") -> Column:
    return Column(name, "id", text, text_zh, key=True, required=True, example=example)


def _ref(name: str, refers: str, text: str, text_zh: str = "", *, key: bool = False, required: bool = True) -> Column:
    return Column(name, "id", text, text_zh, key=key, required=required, refers=(refers,))


def _window(what: str) -> tuple[Column, Column]:
    return (
        Column("from", "date", f"first day of {what}; empty: from the start", "起始日"),
        Column("to", "date", f"last day of {what}; empty: to the end", "截止日"),
    )


ITEMS = Table(
    "items",
    "What is counted: goods, materials, equipment and machines.",
    "物资：成品、原料、中间品、设备",
    (
        _id("item", "code of the item", "物资代码", "mask_medical"),
        Column("name", "text", "name", "名称", required=True, example="Medical mask"),
        Column("name_zh", "text", "name in Chinese", "中文名称"),
        Column("class", "text", "class of goods, such as protective equipment", "大类"),
        Column("family", "text", "family of items that travel and are managed together", "族"),
        Column(
            "stage",
            "choice",
            "place in the chain",
            "环节",
            required=True,
            choices=("raw", "intermediate", "finished", "equipment"),
        ),
        Column("standard", "text", "standard or grade", "标准"),
        Column("unit", "choice", "unit it is counted in", "单位", required=True, choices=tuple(UNITS)),
        Column("importance", "choice", "vital, essential or desirable (VED)", "重要性", choices=TIERS),
        Column(
            "weight",
            "number",
            "weight of a shortage of this item against others of its tier, per share of need unmet",
            "权重",
            least=0,
            default=1.0,
        ),
        Column(
            "shelf_life_days",
            "integer",
            "days until goods made or received expire; empty: never",
            "保质期",
            unit="days",
            least=1,
        ),
        Column(
            "stay_days",
            "integer",
            "reusable: days of one use, after which it comes back; empty: consumed",
            "每次使用天数",
            unit="days",
            least=1,
        ),
        Column("volume_m3", "number", "volume of one unit", "体积", unit="m3", least=0),
        Column("mass_kg", "number", "mass of one unit", "质量", unit="kg", least=0),
        Column(
            "unit_value",
            "number",
            "value of one unit, the price of wasting it",
            "单价",
            unit="money per unit",
            least=0,
        ),
        _SOURCE,
    ),
    required=True,
)

PLACES = Table(
    "places",
    "Where things are: areas, sites, warehouses, facilities and ports.",
    "地点：地区、厂址、仓库、医疗机构、口岸",
    (
        _id("place", "code of the place", "地点代码", "wuhan"),
        Column("name", "text", "name", "名称", required=True),
        Column("name_zh", "text", "name in Chinese", "中文名称"),
        Column(
            "kind",
            "choice",
            "kind of place",
            "类型",
            required=True,
            choices=("area", "site", "warehouse", "facility", "port"),
        ),
        _ref("parent", "places.place", "the area it lies in", "上级地区", required=False),
        Column("lat", "number", "latitude", "纬度", unit="degrees", least=-90, most=90),
        Column("lon", "number", "longitude", "经度", unit="degrees", least=-180, most=180),
        Column("population", "number", "people living there", "人口", unit="persons", least=0),
        Column("risk", "choice", "risk level of the area", "风险等级", choices=("low", "medium", "high")),
        _SOURCE,
    ),
    required=True,
)

ENTERPRISES = Table(
    "enterprises",
    "Makers and other enterprises of the industrial base.",
    "企业",
    (
        _id("enterprise", "code of the enterprise", "企业代码"),
        Column("name", "text", "name", "名称", required=True),
        Column("name_zh", "text", "name in Chinese", "中文名称"),
        _ref("place", "places.place", "where it is", "所在地"),
        Column("industry", "text", "industry it belongs to", "行业"),
        Column("size", "choice", "size class", "规模", choices=("micro", "small", "medium", "large")),
        Column("is_key", "boolean", "on the list of key enterprises", "重点企业", default=False),
        Column("registration_no", "text", "registration number", "登记号"),
        Column("products", "list", "products it is known for, between semicolons", "产品"),
        _SOURCE,
    ),
)

LINES = Table(
    "lines",
    "Production lines, chambers and shops: groups of equal lines of one kind at one enterprise.",
    "生产线",
    (
        _id("line", "code of the group of lines", "产线代码"),
        _ref("enterprise", "enterprises.enterprise", "whose they are", "企业"),
        _ref("place", "places.place", "where they stand", "所在地"),
        Column("kind", "id", "kind of line; the processes of that kind run on it", "产线类型", required=True),
        Column("quantity", "number", "number of lines", "数量", unit="lines", required=True, least=0),
        _SOURCE,
    ),
)

AVAILABILITY = Table(
    "availability",
    "Which share of a line, lane or import source can be used when, and what blocks the rest.",
    "可用率与堵点",
    (
        Column(
            "subject_kind",
            "choice",
            "what the row speaks of",
            "对象类型",
            key=True,
            required=True,
            choices=("line", "lane", "source"),
        ),
        Column(
            "subject",
            "id",
            "the line, lane or source; * means all of that kind",
            "对象",
            key=True,
            required=True,
            refers=("lines.line", "lanes.lane", "imports.source"),
        ),
        Column("from", "date", "first day of the share; empty: from the start", "起始日", key=True),
        Column("to", "date", "last day of the share; empty: to the end", "截止日"),
        Column("share", "number", "usable share", "可用率", unit="0 to 1", required=True, least=0, most=1),
        Column(
            "blocker",
            "choice",
            "what blocks the rest",
            "堵点",
            choices=("staff", "equipment", "material", "cash", "transport", "licence", "holiday", "none"),
        ),
        _SOURCE,
    ),
)

PROCESSES = Table(
    "processes",
    "What a kind of line can do: make an item, or release it (sterilise and wait, or irradiate).",
    "工艺",
    (
        _id("process", "code of the process", "工艺代码"),
        _ref("item", "items.item", "what comes out", "产出物资"),
        Column(
            "kind",
            "choice",
            "make: from materials; release: from the quarantined form of the goods",
            "类型",
            choices=("make", "release"),
            default="make",
        ),
        Column(
            "line_kind",
            "id",
            "kind of line it runs on",
            "产线类型",
            required=True,
            refers=("lines.kind", "conversions.to_kind"),
        ),
        Column(
            "rate_per_day",
            "number",
            "units started per line and day",
            "日产率",
            unit="units per line and day",
            required=True,
            least=1e-9,
        ),
        Column(
            "yield_rate",
            "number",
            "share of the units started that come out good",
            "合格率",
            unit="0 to 1",
            least=1e-9,
            most=1,
            default=1.0,
        ),
        Column(
            "dwell_days",
            "integer",
            "days from start until the goods are out (sterilisation, aeration, testing)",
            "放行周期",
            unit="days",
            least=0,
            default=0,
        ),
        Column(
            "setup_cost",
            "number",
            "cost of using the process on a group of lines in a period",
            "切换费用",
            unit="money per period of use",
            least=0,
        ),
        Column(
            "unit_cost",
            "number",
            "cost of one unit started, without its materials",
            "加工费",
            unit="money per unit",
            least=0,
            default=0.0,
        ),
        Column(
            "licence",
            "boolean",
            "whether the enterprise must hold a licence for the item",
            "是否需注册证",
            default=False,
        ),
        _SOURCE,
    ),
)

RECIPES = Table(
    "recipes",
    "Bill of materials: what one unit started takes.",
    "配方（物料清单）",
    (
        _ref("process", "processes.process", "the process", "工艺", key=True),
        _ref("item", "items.item", "what it takes", "投入物资", key=True),
        Column(
            "quantity",
            "number",
            "quantity of the input per unit started",
            "用量",
            unit="units of the input per unit started",
            required=True,
            least=1e-12,
        ),
        _UNIT,
        _SOURCE,
    ),
)

CONVERSIONS = Table(
    "conversions",
    "How lines of one kind become lines of another, or how machines become lines.",
    "转产与新建产线",
    (
        _id("conversion", "code of the conversion", "转产代码"),
        Column(
            "from_kind",
            "id",
            "kind of line that is given up; empty: a new line beside those of to_kind",
            "原产线类型",
            refers=("lines.kind",),
        ),
        Column("to_kind", "id", "kind of line that comes of it", "新产线类型", required=True),
        _ref(
            "machine",
            "items.item",
            "machine that each new line takes; empty: none",
            "所需设备",
            required=False,
        ),
        Column(
            "machines_per_line",
            "number",
            "machines that each new line takes",
            "每线设备数",
            unit="units of the machine",
            least=0,
        ),
        Column(
            "lead_days",
            "integer",
            "days from the decision to the first output",
            "转产周期",
            unit="days",
            required=True,
            least=0,
        ),
        Column(
            "ramp",
            "list",
            "share of full rate on each day after the lead time, rising to 1; empty: 1 at once",
            "爬坡曲线",
            example="0.25;0.5;1",
        ),
        Column("cost", "number", "cost per line", "每线费用", unit="money per line", least=0, default=0.0),
        Column(
            "most",
            "number",
            "most lines converted at one enterprise; empty: as many as stand there",
            "每企业上限",
            unit="lines",
            least=0,
        ),
        Column("budget", "id", "pool that pays the cost", "资金池", refers=("pools.pool",)),
        _SOURCE,
    ),
)

LICENCES = Table(
    "licences",
    "Who may make what for patients, and how long it takes to be allowed.",
    "注册证与应急审批",
    (
        _ref("enterprise", "enterprises.enterprise", "the maker", "企业", key=True),
        _ref("item", "items.item", "the item", "物资", key=True),
        Column(
            "state",
            "choice",
            "held; applied (under normal review since the start); none",
            "状态",
            required=True,
            choices=("held", "applied", "none"),
        ),
        Column(
            "review_days",
            "integer",
            "days of the normal review; empty: not open to it",
            "常规审评天数",
            unit="days",
            least=0,
        ),
        Column(
            "fast_review_days",
            "integer",
            "days of the fast track; empty: not open to it",
            "应急审评天数",
            unit="days",
            least=0,
        ),
        Column(
            "reviewer_pool",
            "id",
            "pool of reviewers that the fast track draws on",
            "审评资源",
            refers=("pools.pool",),
        ),
        Column(
            "review_effort",
            "number",
            "units of that pool that one fast-track review takes each day",
            "审评投入",
            unit="units of the pool per day",
            least=0,
        ),
        Column("cost", "number", "cost of the review", "费用", unit="money", least=0, default=0.0),
        _SOURCE,
    ),
)

STOCKS = Table(
    "stocks",
    "What is there at the start, by place, item, owner and lot.",
    "期初库存",
    (
        _ref("place", "places.place", "where", "地点", key=True),
        _ref("item", "items.item", "what", "物资", key=True),
        Column(
            "owner",
            "choice",
            "enterprise: in distribution; reserve: to be released; facility: for its own use",
            "持有者",
            key=True,
            choices=OWNERS,
            default="enterprise",
        ),
        Column("lot", "id", "lot", "批号", key=True),
        Column("quantity", "number", "quantity", "数量", unit="units of the item", required=True, least=0),
        _UNIT,
        Column("expires", "date", "last day on which it may be used; empty: never", "失效期"),
        _SOURCE,
    ),
)

FLOORS = Table(
    "floors",
    "Stock that must stay: quantity below which the stock of an owner at a place may not fall.",
    "最低库存",
    (
        _ref("place", "places.place", "where", "地点", key=True),
        _ref("item", "items.item", "what", "物资", key=True),
        Column("owner", "choice", "whose stock", "持有者", key=True, choices=OWNERS, default="enterprise"),
        Column("from", "date", "first day; empty: from the start", "起始日", key=True),
        Column("to", "date", "last day; empty: to the end", "截止日"),
        Column("quantity", "number", "least stock", "数量", unit="units of the item", required=True, least=0),
        _UNIT,
        _SOURCE,
    ),
)

LANES = Table(
    "lanes",
    "Ways to ship from place to place by one mode.",
    "运输通道",
    (
        _id("lane", "code of the lane", "通道代码"),
        _ref("origin", "places.place", "from", "起点"),
        _ref("destination", "places.place", "to", "终点"),
        Column("mode", "choice", "mode", "方式", required=True, choices=("road", "rail", "air", "sea")),
        Column(
            "cargo",
            "id",
            "item or family that it carries; empty: all",
            "货物",
            refers=("items.item", "items.family"),
        ),
        Column(
            "transit_days",
            "integer",
            "days from departure to arrival",
            "在途天数",
            unit="days",
            required=True,
            least=0,
        ),
        Column(
            "capacity",
            "number",
            "capacity a day, or of one departure when it must be chartered; empty: without limit",
            "运力",
            unit="capacity units per day or departure",
            least=0,
        ),
        Column(
            "capacity_unit",
            "choice",
            "what capacity and cost count",
            "运力单位",
            choices=("kg", "m3", "unit"),
            default="kg",
        ),
        Column(
            "unit_cost",
            "number",
            "cost per capacity unit shipped",
            "运价",
            unit="money per capacity unit",
            least=0,
            default=0.0,
        ),
        Column(
            "opening_cost",
            "number",
            "cost of one departure; when given the lane must be chartered, in whole departures",
            "包机费",
            unit="money per departure",
            least=0,
        ),
        Column(
            "departures_per_day",
            "number",
            "most departures chartered a day",
            "每日班次上限",
            unit="departures per day",
            least=0,
        ),
        _SOURCE,
    ),
)

IMPORTS = Table(
    "imports",
    "Offers from abroad: how much can be ordered each day, and through which port.",
    "进口货源",
    (
        _id("source", "code of the offer", "货源代码"),
        _ref("item", "items.item", "what", "物资"),
        _ref("port", "places.place", "where it lands", "口岸"),
        Column(
            "quantity_per_day",
            "number",
            "most that can be ordered a day",
            "日可订量",
            unit="units of the item per day",
            required=True,
            least=0,
        ),
        *_window("the offer"),
        Column("lead_days", "integer", "days from order to port", "到港天数", unit="days", required=True, least=0),
        Column(
            "customs_days",
            "integer",
            "days of normal customs",
            "通关天数",
            unit="days",
            required=True,
            least=0,
        ),
        Column(
            "express_days",
            "integer",
            "days of express customs; empty: not open to it",
            "绿色通道天数",
            unit="days",
            least=0,
        ),
        Column(
            "express_pool",
            "id",
            "pool that express clearance draws on",
            "绿色通道资源",
            refers=("pools.pool",),
        ),
        Column(
            "express_use",
            "number",
            "units of that pool per unit cleared",
            "每单位占用",
            unit="units of the pool per unit",
            least=0,
        ),
        Column("unit_cost", "number", "price", "单价", unit="money per unit", least=0, default=0.0),
        Column("reference", "text", "where the figures of this row come from", "本行数据来源"),
    ),
)

SUBSTITUTES = Table(
    "substitutes",
    "What may serve a need instead of the item asked for, and at which exchange rate.",
    "替代物资",
    (
        _ref("item", "items.item", "the item that is needed", "所需物资", key=True),
        _ref("substitute", "items.item", "the item that may serve instead", "替代物资", key=True),
        Column(
            "quantity",
            "number",
            "units of the substitute for one unit of need",
            "替代比",
            unit="units of the substitute per unit needed",
            required=True,
            least=1e-9,
        ),
        Column("tiers", "list", "tiers it may serve, between semicolons; empty: all", "适用层级"),
        _SOURCE,
    ),
)

NEEDS = Table(
    "needs",
    "What people will need, by scenario, item, place, tier and day.",
    "需求",
    (
        Column("scenario", "id", "scenario; the case names the one it plans on", "情景", key=True, default="base"),
        _ref("item", "items.item", "what", "物资", key=True),
        _ref("place", "places.place", "where", "地点", key=True),
        Column("tier", "choice", "tier", "层级", key=True, required=True, choices=TIERS),
        Column("date", "date", "day", "日期", key=True, required=True),
        Column(
            "quantity",
            "number",
            "quantity needed that day; of a reusable item: uses that begin",
            "数量",
            unit="units of the item",
            required=True,
            least=0,
        ),
        _UNIT,
        Column(
            "patience_days",
            "integer",
            "0: lost if not met that day; n: may be met up to n days late",
            "可延迟天数",
            unit="days",
            least=0,
            default=0,
        ),
        _SOURCE,
    ),
    required=True,
)

POOLS = Table(
    "pools",
    "Limited means that many tasks draw on: budgets, reviewers, clearance slots.",
    "资源池：资金、审评、通关等",
    (
        _id("pool", "code of the pool", "资源池代码"),
        Column("name", "text", "name", "名称"),
        Column(
            "quantity",
            "number",
            "how much there is",
            "数量",
            unit="units of the pool",
            required=True,
            least=0,
        ),
        Column(
            "basis",
            "choice",
            "day: that much every day; horizon: once for all",
            "口径",
            required=True,
            choices=("day", "horizon"),
        ),
        _SOURCE,
    ),
)

MEASURES = Table(
    "measures",
    "Support measures: what each costs, and what it unlocks where and when. Each can be taken once.",
    "支持措施",
    (
        _id("measure", "code of the measure", "措施代码"),
        Column("name", "text", "name", "名称"),
        Column("name_zh", "text", "name in Chinese", "中文名称"),
        Column(
            "kind",
            "choice",
            "kind of help",
            "类型",
            required=True,
            choices=("staff", "equipment", "material", "cash", "transport", "licence", "other"),
        ),
        Column(
            "target_kind",
            "choice",
            "what it helps",
            "对象类型",
            required=True,
            choices=("line", "lane", "source"),
        ),
        Column(
            "target",
            "id",
            "the line, lane or source",
            "对象",
            required=True,
            refers=("lines.line", "lanes.lane", "imports.source"),
        ),
        Column(
            "effect",
            "choice",
            "share: adds to the usable share of lines, never above 1; "
            "capacity: adds to what a lane or source can do a day",
            "效果",
            required=True,
            choices=("share", "capacity"),
        ),
        Column(
            "amount",
            "number",
            "how much it adds",
            "幅度",
            unit="share, or capacity units per day",
            required=True,
            least=0,
        ),
        Column("cost", "number", "cost", "费用", unit="money", least=0, default=0.0),
        Column("lead_days", "integer", "days until it works", "见效天数", unit="days", least=0, default=0),
        Column("budget", "id", "pool that pays the cost", "资金池", refers=("pools.pool",)),
        _SOURCE,
    ),
)

GUIDELINES = Table(
    "guidelines",
    "Rules of use: how much of an item one person uses a day, by risk, setting and mode.",
    "使用指南",
    (
        Column(
            "risk",
            "choice",
            "risk level of the area",
            "风险等级",
            key=True,
            required=True,
            choices=("low", "medium", "high"),
        ),
        Column("setting", "id", "setting", "场景", key=True, required=True),
        _ref("item", "items.item", "item", "物资", key=True),
        Column(
            "mode",
            "choice",
            "mode of use",
            "使用模式",
            key=True,
            required=True,
            choices=("conventional", "contingency", "crisis"),
        ),
        Column(
            "units_per_person_day",
            "number",
            "use",
            "人日用量",
            unit="units per person and day",
            required=True,
            least=0,
        ),
        _SOURCE,
    ),
)

PEOPLE = Table(
    "people",
    "How many people are in which setting.",
    "各场景人数",
    (
        Column("scenario", "id", "scenario", "情景", key=True, default="base"),
        _ref("place", "places.place", "where", "地点", key=True),
        Column("setting", "id", "setting", "场景", key=True, required=True),
        Column("date", "date", "day", "日期", key=True, required=True),
        Column("count", "number", "people", "人数", unit="persons", required=True, least=0),
        _SOURCE,
    ),
)

REPORTS = Table(
    "reports",
    "What was reported, by whom, of which measure and when it was known.",
    "上报数据",
    (
        Column("reporter", "id", "who reports", "上报单位", key=True, required=True),
        _ref("item", "items.item", "what", "物资", key=True),
        Column(
            "measure",
            "choice",
            "what the figure measures",
            "指标",
            key=True,
            required=True,
            choices=("capacity", "output", "stock", "consumption", "received"),
        ),
        Column(
            "basis",
            "choice",
            "per day, or cumulative",
            "口径",
            key=True,
            required=True,
            choices=("day", "cumulative"),
        ),
        Column("date", "date", "day that the figure speaks of", "日期", key=True, required=True),
        Column("quantity", "number", "quantity", "数量", unit="units of the item", required=True, least=0),
        _UNIT,
        Column("received_at", "date", "day on which it was known", "接收日期", key=True),
        _SOURCE,
    ),
)

TARGETS = Table(
    "targets",
    "Stock wanted at a place on a day, after needs are served.",
    "目标库存",
    (
        _ref("place", "places.place", "where", "地点", key=True),
        _ref("item", "items.item", "what", "物资", key=True),
        Column("date", "date", "day", "日期", key=True, required=True),
        Column(
            "quantity",
            "number",
            "stock wanted at the end of that day",
            "数量",
            unit="units of the item",
            required=True,
            least=0,
        ),
        _UNIT,
        _SOURCE,
    ),
)

CASE_TABLES: dict[str, Table] = {
    t.name: t
    for t in (
        ITEMS,
        PLACES,
        ENTERPRISES,
        LINES,
        AVAILABILITY,
        PROCESSES,
        RECIPES,
        CONVERSIONS,
        LICENCES,
        STOCKS,
        FLOORS,
        LANES,
        IMPORTS,
        SUBSTITUTES,
        NEEDS,
        POOLS,
        MEASURES,
        GUIDELINES,
        PEOPLE,
        REPORTS,
        TARGETS,
    )
}
"""All tables of a case, in the order in which they are read and shown."""
