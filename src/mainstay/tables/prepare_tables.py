"""The tables of preparing: what may stand ready, which futures it is for; and what came of it, declared once."""

from __future__ import annotations

from mainstay.tables.columns import SOURCE, TIERS, code, reference
from mainstay.tables.declaration import Column, Table

GOODS_FORMS = ("store", "rotated", "supplier", "raw")
"""Forms in which goods stand ready."""
FORMS = (*GOODS_FORMS, "line", "pair", "contract", "site")
"""All forms in which something stands ready."""

OPTIONS = Table(
    "options",
    "What may be made ready beforehand, in which form, where, how much of it at most and at what yearly cost.",
    "备选准备：储备、轮换、供方代储、备用产线、转产预案、境外合约、库址",
    (
        code("option", "code of the option", "备选代码"),
        Column(
            "form",
            "choice",
            "store: goods in a reserve store; rotated: goods that daily users draw on and replace; supplier: goods "
            "that a supplier holds; raw: raw or intermediate goods; line: a standby line; pair: a trained conversion; "
            "contract: an offer abroad; site: a site to open or enlarge",
            "形式",
            required=True,
            choices=FORMS,
        ),
        reference("item", "items.item", "goods that are held", "物资", required=False),
        reference("place", "places.place", "where the goods are, or the site", "地点", required=False),
        reference(
            "line", "lines.line", "group that the standby line joins, or that is converted", "产线", required=False
        ),
        reference(
            "conversion", "conversions.conversion", "conversion that the pair is trained for", "转产", required=False
        ),
        reference("offer", "imports.source", "offer that the contract adds to", "进口货源", required=False),
        reference("site", "options.option", "site that must be opened for it; empty: none", "所需库址", required=False),
        Column(
            "most",
            "number",
            "most of it: goods in their unit, lines, a contract in units a day, sites",
            "上限",
            unit="units of the option",
            required=True,
            least=0,
        ),
        Column("is_whole", "boolean", "whether only whole numbers of it can be had", "是否取整", default=False),
        Column(
            "cost_a_year",
            "number",
            "what keeping one of it ready costs a year, with its replacement and share of its purchase",
            "年费用",
            unit="money per unit and year",
            required=True,
            least=0,
        ),
        Column(
            "cost_to_use",
            "number",
            "what using it costs: per unit of goods, per line and day, per line converted",
            "动用费用",
            unit="money per unit used",
            least=0,
            default=0.0,
        ),
        Column(
            "lead_days",
            "integer",
            "days from the first day of a future until it gives",
            "启用天数",
            unit="days",
            least=0,
            default=0,
        ),
        Column(
            "shelf_life_days", "integer", "shelf life, where it is not that of the item", "保质期", unit="days", least=1
        ),
        Column(
            "rotation_days",
            "integer",
            "days in which the whole stock is used up and replaced; empty: it is not rotated",
            "轮换周期",
            unit="days",
            least=1,
        ),
        Column("room_m3", "number", "of a site: room for goods; empty: no limit", "库容", unit="m3", least=0),
        SOURCE,
    ),
)

FUTURES = Table(
    "futures",
    "Ways in which things may come: each has the needs of the scenario of its name.",
    "未来情景及权重",
    (
        code("future", "code of the future, as in the column scenario of needs", "情景代码"),
        Column("weight", "number", "how likely it is against the others; all sum to 1", "权重", unit="0 to 1",
               required=True, least=0, most=1),
        Column("name", "text", "name", "名称（英文）"),
        Column("name_zh", "text", "name in Chinese", "名称"),
        SOURCE,
    ),
)  # fmt: skip

FUTURE_LOSSES = Table(
    "future_losses",
    "What is lost in a future besides, how much of it and when.",
    "未来情景中的中断",
    (
        reference("future", "futures.future", "in which future", "情景", key=True),
        Column(
            "kind",
            "choice",
            "kind of what is lost",
            "对象类型",
            key=True,
            required=True,
            choices=("enterprise", "region", "lane", "source", "item", "pool", "line", "owner"),
        ),
        Column("name", "id", "code of what is lost", "对象", key=True, required=True),
        Column("share", "number", "share of it that is lost", "丧失比例", unit="0 to 1", least=0, most=1, default=1.0),
        Column("first_day", "integer", "first lost day, the first of the future is 0", "首日", unit="days", least=0,
               default=0),
        Column("days", "number", "days of full loss", "中断天数", unit="days", required=True, least=0),
        Column("ramp", "number", "days over which it comes back", "恢复期", unit="days", least=0, default=0.0),
        SOURCE,
    ),
)  # fmt: skip

PREPARE_CASE_TABLES = (OPTIONS, FUTURES, FUTURE_LOSSES)
"""Tables of a case that preparing reads."""

_TEXT = (Column("text", "text", "in words", "说明（英文）"), Column("text_zh", "text", "in Chinese", "说明"))


def _key(name: str, text: str, text_zh: str) -> Column:
    return Column(name, "id", text, text_zh, key=True, required=True)


def _note(name: str, text: str, text_zh: str) -> Column:
    return Column(name, "id", text, text_zh)


def _number(name: str, text: str, text_zh: str, unit: str) -> Column:
    return Column(name, "number", text, text_zh, unit=unit, required=True)


_FORM = Column("form", "choice", "in which form", "形式", required=True, choices=FORMS)

_RESULTS = (
    Table(
        "designs",
        "What to make ready: the recommended design, and what it costs a year.",
        "推荐准备方案",
        (
            _key("option", "option", "备选"),
            _FORM,
            _note("item", "goods", "物资"),
            _note("place", "place", "地点"),
            _number("quantity", "how much of it", "数量", "units of the option"),
            _number("most", "most of it", "上限", "units of the option"),
            _number("cost", "cost a year", "年费用", "money"),
            *_TEXT,
        ),
    ),
    Table(
        "design_futures",
        "What each future brings with the design, and with nothing made ready.",
        "各情景表现",
        (
            _key("future", "future", "情景"),
            _number("weight", "weight", "权重", "0 to 1"),
            _number("loss", "need unmet with the design; 1 is all mean vital need of an item of weight 1", "缺口",
                    "weighted shares of need"),
            _number("loss_without", "the same with nothing made ready", "无准备缺口", "weighted shares of need"),
            _number("fill_rate", "share of the weighted need that is met with the design", "满足率", "0 to 1"),
            _number("cost", "cost of what is done in it", "处置费用", "money"),
        ),
    ),
    Table(
        "design_losses",
        "Mean need unmet, by item, place and tier, with the design and with nothing made ready.",
        "平均缺口",
        (
            _key("item", "item", "物资"),
            _key("place", "place", "地点"),
            Column("tier", "choice", "tier", "层级", key=True, required=True, choices=TIERS),
            _number("need", "mean need", "平均需求", "units of the item"),
            _number("lost", "mean need unmet with the design", "平均缺口", "units of the item"),
            _number("lost_without", "the same with nothing made ready", "无准备平均缺口", "units of the item"),
        ),
    ),
    Table(
        "frontier",
        "Yearly cost against what is risked: the best design of each budget, the knee marked.",
        "费用与风险前沿",
        (
            _key("point", "number of the point", "序号"),
            Column("budget", "number", "budget a year; empty: none", "年预算", unit="money"),
            _number("cost", "cost a year", "年费用", "money"),
            _number("mean", "mean need unmet", "平均缺口", "weighted shares of need"),
            _number("worst", "mean of the worst, at the level asked for", "最差平均缺口", "weighted shares of need"),
            _number("gap", "proven gap", "间隙", "0 to 1"),
            Column("is_knee", "boolean", "whether more money brings clearly less from here", "是否拐点", required=True),
        ),
    ),
    Table(
        "trials",
        "The design and simple rules of the same money, tried on fresh futures.",
        "样本外检验",
        (
            _key("rule", "design, or the rule that it is tried against", "方案"),
            _number("cost", "cost a year", "年费用", "money"),
            _number("mean", "mean need unmet", "平均缺口", "weighted shares of need"),
            _number("mean_low", "lower end of its 95 % confidence interval", "置信下限", "weighted shares of need"),
            _number("mean_high", "upper end", "置信上限", "weighted shares of need"),
            _number("worst", "mean of the worst, at the level asked for", "最差平均缺口", "weighted shares of need"),
            _number("fill_rate", "share of the weighted need that is met", "满足率", "0 to 1"),
            _number("futures", "fresh futures it was tried on", "情景数", ""),
        ),
    ),
)  # fmt: skip

PREPARE_TABLES = {table.name: table for table in _RESULTS}
"""Result tables of preparing by name."""
