"""The tables of a chain: who supplies what to whom, how few hands hold it, what hangs on whom; declared once."""

from __future__ import annotations

from mainstay.tables.columns import TIERS
from mainstay.tables.declaration import Column, Table

LEVELS = ("enterprise", "owner", "region")
NODES = ("make", "abroad", "reserve", "item", "need", "licence")
EDGES = ("gives", "takes", "serves", "equips", "permits")


def _id(name: str, text: str, text_zh: str) -> Column:
    return Column(name, "id", text, text_zh, key=True, required=True)


def _note(name: str, text: str, text_zh: str) -> Column:
    return Column(name, "id", text, text_zh)


def _number(name: str, text: str, text_zh: str, unit: str, *, required: bool = True) -> Column:
    return Column(name, "number", text, text_zh, unit=unit, required=required)


def _count(name: str, text: str, text_zh: str, unit: str = "", *, required: bool = True) -> Column:
    return Column(name, "integer", text, text_zh, unit=unit, required=required)


def _choice(name: str, text: str, text_zh: str, choices: tuple[str, ...]) -> Column:
    return Column(name, "choice", text, text_zh, key=True, required=True, choices=choices)


_ITEM = _id("item", "item", "物资")
_DAILY = "units of the item a day"
_INDEX = "0 to 10,000"

_TABLES = (
    Table(
        "key_enterprises",
        "Enterprises by how much of what is needed rests on them, and why.",
        "重点企业（按依赖程度排序）",
        (
            Column("rank", "integer", "rank, the one on which most rests first", "排序", key=True, required=True),
            _note("enterprise", "enterprise", "企业"),
            _number(
                "score",
                "share of all needs lost without it though all others run all that stands, by weight of item and tier",
                "得分",
                "0 to 100",
            ),
            _number("rests", "the same where nobody steps in", "依赖程度", "0 to 100"),
            _note("owner", "who owns it in the end", "实际控制人"),
            _note("region", "area", "地区"),
            Column("is_key", "boolean", "on the list of key enterprises of the case", "已列入重点企业"),
            Column("makes", "list", "what it makes", "产品"),
            Column("sole_of", "list", "items of which it is the only source somewhere", "唯一来源物资"),
            Column("text", "text", "reasons in words", "理由（英文）"),
            Column("text_zh", "text", "reasons in Chinese", "理由"),
        ),
    ),
    Table(
        "tiers",
        "Items by how many steps they stand from what is needed: capacity against requirement, stocks.",
        "产业链层级",
        (
            _ITEM,
            _note("family", "family", "物资族"),
            _note("stage", "stage", "阶段"),
            _count("tier", "fewest steps to a needed item; 0: needed itself", "层级", "steps"),
            _count("deepest", "most steps to a needed item", "最深层级", "steps"),
            _count("makers", "enterprises with lines that stand and may make it", "现有企业数"),
            _count("possible_makers", "enterprises with every conversion and licence", "可能企业数"),
            _count("sources", "offers abroad", "境外货源数"),
            _number(
                "standing",
                "what standing lines and offers can give, each line for each of its items",
                "现有产能",
                _DAILY,
            ),
            _number("possible", "the same with every conversion and licence", "可能产能", _DAILY),
            _number("required", "mean of what the needs take through the bill of materials", "需求", _DAILY),
            _number("ratio", "standing / required", "产能与需求之比", "share", required=False),
            _number(
                "cover_days", "how long the opening stocks of all owners last", "库存可用天数", "days", required=False
            ),
            _number("planned", "what the plan makes and imports", "方案产量", _DAILY, required=False),
        ),
    ),
    Table(
        "dependence",
        "Whom what an enterprise makes rests on, directly or through several steps, from a share of 1% on.",
        "依赖关系",
        (
            _id("enterprise", "who depends", "企业"),
            _id("item", "what it makes", "产品"),
            _id("place", "where", "地点"),
            _id("supplier", "enterprise, or offer abroad (abroad:...)", "供应方"),
            _note("via", "own input through which most is lost", "经由投入"),
            _count("steps", "fewest steps between them; 1: it takes goods of the supplier", "步数", "steps"),
            _number("share", "share of the output lost with the supplier, where nobody steps in", "依赖份额", "0 to 1"),
        ),
    ),
    Table(
        "reliance",
        "Whom each need rests on, through all steps.",
        "需求依赖",
        (
            _ITEM,
            _choice("tier", "tier of the need", "层级", TIERS),
            _id("agent", "enterprise, or offer abroad (abroad:...)", "供应方"),
            _number("share", "share of the need that rests on it: lost where nobody steps in", "依赖份额", "0 to 1"),
            _number("lost", "share lost though all others run all that stands", "损失份额", "0 to 1"),
        ),
    ),
    Table(
        "concentration",
        "How few hands hold an item: the Herfindahl-Hirschman index, openly and in the inputs it rests on.",
        "集中度（HHI）",
        (
            _ITEM,
            Column("input", "id", "upstream item that it rests on; empty: the item itself", "隐含上游物资", key=True),
            _count("tier", "steps from the input to the item; 0: the item itself", "层级", "steps"),
            _choice("level", "whose hands", "主体", LEVELS),
            _count("suppliers", "hands that hold some", "供应方数"),
            _note("largest", "who holds most", "最大供应方"),
            _number("largest_share", "share of the largest", "最大份额", "0 to 1"),
            _number("hhi", "index by standing capacity; 10,000: one hand", "HHI", _INDEX),
            _number("possible_hhi", "index with every conversion and licence", "可能HHI", _INDEX, required=False),
            _number("planned_hhi", "index by what the plan makes and imports", "方案HHI", _INDEX, required=False),
        ),
    ),
    Table(
        "single_sources",
        "Items that some places can have from one enterprise, owner or region only.",
        "单一来源",
        (
            _ITEM,
            _choice("level", "enterprise, owner or region", "主体", LEVELS),
            _id("sole", "who alone supplies it", "唯一来源"),
            _count("num_places", "places that have it from there only", "地点数"),
            Column("places", "list", "these places", "地点"),
            _count("others", "others that conversions or licences could bring", "可替代数"),
            _number("cover_days", "how long the opening stocks last", "库存可用天数", "days", required=False),
        ),
    ),
    Table(
        "single_licences",
        "Items that need a licence which one enterprise holds, or none.",
        "单一注册证",
        (
            _ITEM,
            _note("enterprise", "who holds it; empty: nobody", "持证企业"),
            _count("waiting", "enterprises that could be licensed", "待批企业数"),
            _count("soonest_days", "days of the shortest review", "最短审批天数", "days", required=False),
        ),
    ),
    Table(
        "critical_path",
        "What each needed item waits for where it waits longest, step by step, were its chain to begin anew.",
        "交付关键路径",
        (
            _ITEM,
            _count("step", "step, first to last", "步骤"),
            _note("kind", "kind of task", "类型"),
            _note("subject", "line, lane, source, enterprise or measure", "对象"),
            _note("enterprise", "enterprise", "企业"),
            _note("makes", "item that comes of it", "产出"),
            _note("place", "place where it is then", "地点"),
            _number("from_day", "day on which it can start", "开始日", "days from the start", required=False),
            _number("days", "how long it takes", "天数", "days", required=False),
            _number("to_day", "day on which what it gives is there", "完成日", "days from the start", required=False),
            _number(
                "cover_days", "days that the stock of what it gives spares those who use it", "库存可用天数", "days"
            ),
        ),
    ),
    Table(
        "nodes",
        "Nodes of the chain: makers, offers abroad, reserves, items, needs, licences.",
        "节点",
        (
            _id("node", "node", "节点"),
            _choice("kind", "kind of node", "类型", NODES),
            _note("item", "item", "物资"),
            _note("enterprise", "enterprise", "企业"),
            _note("place", "place", "地点"),
            _note("region", "area", "地区"),
            _note("family", "family of the item", "物资族"),
            _note("stage", "stage of the item", "阶段"),
            _count("tier", "most steps to a needed item", "层级", "steps", required=False),
            _note("unit", "unit of the item", "单位"),
            _number("standing", "what standing lines or the offer can give", "现有产能", _DAILY, required=False),
            _number("possible", "the same with every conversion and licence", "可能产能", _DAILY, required=False),
            _number("share", "share of the item's standing capacity", "份额", "0 to 1", required=False),
            _number("required", "need", "需求", _DAILY, required=False),
            _number(
                "stock",
                "opening stock: of an item what is in distribution, of a need what the place keeps",
                "库存",
                "units of the item",
                required=False,
            ),
            _number(
                "flow", "what passes in the plan; of a need what is met or eased", "方案流量", _DAILY, required=False
            ),
            _number(
                "utilisation", "share of the usable line-days that the plan uses", "利用率", "0 to 1", required=False
            ),
            Column("waits", "boolean", "whether a licence must come first", "待批"),
            _number("lat", "latitude", "纬度", "degrees", required=False),
            _number("lon", "longitude", "经度", "degrees", required=False),
        ),
    ),
    Table(
        "edges",
        "Edges of the chain, each from effects of the network.",
        "联系",
        (
            _id("from", "node that gives", "起点"),
            _id("to", "node that gets", "终点"),
            _choice("kind", "gives, takes (all are needed), serves, equips, permits", "类型", EDGES),
            _number("amount", "units for one unit started or served", "单耗", "units of the item"),
            _number("flow", "what goes along: in the plan, or by standing capacity", "流量", _DAILY),
            _count("effects", "effects of the network that say so", "效应数"),
        ),
    ),
)

CHAIN_TABLES: dict[str, Table] = {t.name: t for t in _TABLES}
"""All tables of a chain, in the order in which they are written and shown."""
