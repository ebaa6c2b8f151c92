"""The tables of a case: what a supply office knows, declared once."""

from __future__ import annotations

from mainstay.tables.columns import BLOCKERS, KNOWN_ON, RISKS, SOURCE, TIERS, UNIT, code, reference, window
from mainstay.tables.declaration import Column, Table
from mainstay.tables.demand_tables import DEMAND_TABLES
from mainstay.tables.event_tables import EVENT_TABLES
from mainstay.tables.prepare_tables import PREPARE_CASE_TABLES
from mainstay.tables.ready_tables import ROTATIONS
from mainstay.units import UNITS

MEASURES_OF_REPORTS = ("capacity", "output", "stock", "consumption", "received", "need")
"""What a report may speak of: never mixed, and none is read for another."""

OWNERS = ("enterprise", "reserve", "facility")
"""Who holds a stock: in distribution; a strategic reserve, to be released; a facility, for its own use."""

ITEMS = Table(
    "items",
    "What is counted: goods, materials, equipment and machines.",
    "物资：成品、原料、中间品、设备",
    (
        code("item", "code of the item", "物资代码", "mask_medical"),
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
        SOURCE,
    ),
    required=True,
)

PLACES = Table(
    "places",
    "Where things are: areas, sites, warehouses, facilities and ports.",
    "地点：地区、厂址、仓库、医疗机构、口岸",
    (
        code("place", "code of the place", "地点代码", "wuhan"),
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
        reference("parent", "places.place", "the area it lies in", "上级地区", required=False),
        Column("lat", "number", "latitude", "纬度", unit="degrees", least=-90, most=90),
        Column("lon", "number", "longitude", "经度", unit="degrees", least=-180, most=180),
        Column("population", "number", "people living there", "人口", unit="persons", least=0),
        Column("risk", "choice", "risk level of the area", "风险等级", choices=RISKS),
        SOURCE,
    ),
    required=True,
)

ENTERPRISES = Table(
    "enterprises",
    "Makers and other enterprises of the industrial base.",
    "企业",
    (
        code("enterprise", "code of the enterprise", "企业代码"),
        Column("name", "text", "name", "名称", required=True),
        Column("name_zh", "text", "name in Chinese", "中文名称"),
        reference("place", "places.place", "where it is", "所在地"),
        Column("industry", "text", "industry it belongs to", "行业"),
        Column("size", "choice", "size class", "规模", choices=("micro", "small", "medium", "large")),
        Column("owner", "text", "group that owns it in the end; empty: itself", "实际控制人"),
        Column("is_key", "boolean", "on the list of key enterprises", "重点企业", default=False),
        Column("registration_no", "text", "registration number", "登记号"),
        Column("products", "list", "products it is known for, between semicolons", "产品"),
        SOURCE,
    ),
)

LINES = Table(
    "lines",
    "Production lines, chambers and shops: groups of equal lines of one kind at one enterprise.",
    "生产线",
    (
        code("line", "code of the group of lines", "产线代码"),
        reference("enterprise", "enterprises.enterprise", "whose they are", "企业"),
        reference("place", "places.place", "where they stand", "所在地"),
        Column("kind", "id", "kind of line; the processes of that kind run on it", "产线类型", required=True),
        Column("quantity", "number", "number of lines", "数量", unit="lines", required=True, least=0),
        SOURCE,
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
        Column("blocker", "choice", "what blocks the rest", "堵点", choices=BLOCKERS),
        KNOWN_ON,
        SOURCE,
    ),
)

PROCESSES = Table(
    "processes",
    "What a kind of line can do: make an item, or release it (sterilise and wait, or irradiate).",
    "工艺",
    (
        code("process", "code of the process", "工艺代码"),
        reference("item", "items.item", "what comes out", "产出物资"),
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
        SOURCE,
    ),
)

RECIPES = Table(
    "recipes",
    "Bill of materials: what one unit started takes.",
    "配方（物料清单）",
    (
        reference("process", "processes.process", "the process", "工艺", key=True),
        reference("item", "items.item", "what it takes", "投入物资", key=True),
        Column(
            "quantity",
            "number",
            "quantity of the input per unit started",
            "用量",
            unit="units of the input per unit started",
            required=True,
            least=1e-12,
        ),
        UNIT,
        SOURCE,
    ),
)

CONVERSIONS = Table(
    "conversions",
    "How lines of one kind become lines of another, or how machines become lines.",
    "转产与新建产线",
    (
        code("conversion", "code of the conversion", "转产代码"),
        Column(
            "from_kind",
            "id",
            "kind of line that is given up; empty: a new line beside those of to_kind",
            "原产线类型",
            refers=("lines.kind",),
        ),
        Column("to_kind", "id", "kind of line that comes of it", "新产线类型", required=True),
        reference(
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
        SOURCE,
    ),
)

LICENCES = Table(
    "licences",
    "Who may make what for patients, and how long it takes to be allowed.",
    "注册证与应急审批",
    (
        reference("enterprise", "enterprises.enterprise", "the maker", "企业", key=True),
        reference("item", "items.item", "the item", "物资", key=True),
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
        KNOWN_ON,
        SOURCE,
    ),
)

STOCKS = Table(
    "stocks",
    "What is there at the start, by place, item, owner and lot.",
    "期初库存",
    (
        reference("place", "places.place", "where", "地点", key=True),
        reference("item", "items.item", "what", "物资", key=True),
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
        UNIT,
        Column("expires", "date", "last day on which it may be used; empty: never", "失效期"),
        SOURCE,
    ),
)

FLOORS = Table(
    "floors",
    "Stock that must stay: quantity below which the stock of an owner at a place may not fall.",
    "最低库存",
    (
        reference("place", "places.place", "where", "地点", key=True),
        reference("item", "items.item", "what", "物资", key=True),
        Column("owner", "choice", "whose stock", "持有者", key=True, choices=OWNERS, default="enterprise"),
        Column("from", "date", "first day; empty: from the start", "起始日", key=True),
        Column("to", "date", "last day; empty: to the end", "截止日"),
        Column("quantity", "number", "least stock", "数量", unit="units of the item", required=True, least=0),
        UNIT,
        SOURCE,
    ),
)

LANES = Table(
    "lanes",
    "Ways to ship from place to place by one mode.",
    "运输通道",
    (
        code("lane", "code of the lane", "通道代码"),
        reference("origin", "places.place", "from", "起点"),
        reference("destination", "places.place", "to", "终点"),
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
        SOURCE,
    ),
)

IMPORTS = Table(
    "imports",
    "Offers from abroad: how much can be ordered each day, and through which port.",
    "进口货源",
    (
        code("source", "code of the offer", "货源代码"),
        reference("item", "items.item", "what", "物资"),
        reference("port", "places.place", "where it lands", "口岸"),
        Column(
            "quantity_per_day",
            "number",
            "most that can be ordered a day",
            "日可订量",
            unit="units of the item per day",
            required=True,
            least=0,
        ),
        *window("the offer"),
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
        KNOWN_ON,
        Column("reference", "text", "where the figures of this row come from", "本行数据来源"),
    ),
)

SUBSTITUTES = Table(
    "substitutes",
    "What may serve a need instead of the item asked for, and at which exchange rate.",
    "替代物资",
    (
        reference("item", "items.item", "the item that is needed", "所需物资", key=True),
        reference("substitute", "items.item", "the item that may serve instead", "替代物资", key=True),
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
        SOURCE,
    ),
)

NEEDS = Table(
    "needs",
    "What people will need, by scenario, item, place, tier and day.",
    "需求",
    (
        Column("scenario", "id", "scenario; the case names the one it plans on", "情景", key=True, default="base"),
        reference("item", "items.item", "what", "物资", key=True),
        reference("place", "places.place", "where", "地点", key=True),
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
        UNIT,
        Column(
            "patience_days",
            "integer",
            "0: lost if not met that day; n: may be met up to n days late",
            "可延迟天数",
            unit="days",
            least=0,
            default=0,
        ),
        SOURCE,
    ),
)

POOLS = Table(
    "pools",
    "Limited means that many tasks draw on: budgets, reviewers, clearance slots.",
    "资源池：资金、审评、通关等",
    (
        code("pool", "code of the pool", "资源池代码"),
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
        SOURCE,
    ),
)

MEASURES = Table(
    "measures",
    "Support measures: what each costs, and what it unlocks where and when. Each can be taken once.",
    "支持措施",
    (
        code("measure", "code of the measure", "措施代码"),
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
        KNOWN_ON,
        SOURCE,
    ),
)

REPORTS = Table(
    "reports",
    "What was reported, by whom, of which measure and when it was known.",
    "上报数据",
    (
        Column("reporter", "id", "who reports", "上报单位", key=True, required=True),
        reference("item", "items.item", "what", "物资", key=True),
        Column(
            "measure",
            "choice",
            "what the figure measures: what could be made; what was made; what is there; what was used; what came in; "
            "what is asked for",
            "指标",
            key=True,
            required=True,
            choices=MEASURES_OF_REPORTS,
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
        UNIT,
        Column(
            "blocker",
            "choice",
            "beside a capacity: what blocks the rest of the nominal capacity",
            "堵点（仅用于产能）",
            choices=BLOCKERS,
        ),
        Column("received_at", "date", "day on which it was known", "接收日期", key=True),
        SOURCE,
    ),
)

TARGETS = Table(
    "targets",
    "Stock wanted at a place on a day, after needs are served.",
    "目标库存",
    (
        reference("place", "places.place", "where", "地点", key=True),
        reference("item", "items.item", "what", "物资", key=True),
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
        UNIT,
        SOURCE,
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
        *DEMAND_TABLES,
        *EVENT_TABLES,
        *PREPARE_CASE_TABLES,
        ROTATIONS,
        REPORTS,
        TARGETS,
    )
}
"""All tables of a case, in the order in which they are read and shown."""
