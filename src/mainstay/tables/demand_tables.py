"""The tables from which needs are derived: the epidemic, the people it concerns, the rules of use."""

from __future__ import annotations

from mainstay.tables.columns import RISKS, SOURCE, TIERS, code, reference
from mainstay.tables.declaration import Column, Table

MODES = ("conventional", "contingency", "crisis")
"""Modes of use, each sparing more than the one before."""

POPULATION = "population"
"""Driver of people who are counted from those who live at a place."""

MEASURES_OF_COURSE = ("new_cases", "active", "mild", "moderate", "severe", "critical", "hospital", "icu", "ventilated")
"""What a course of the epidemic says of a place and day: new cases that day; people present (census)."""


def _people(name: str, text: str, text_zh: str) -> Column:
    return Column(name, "number", f"{text}; empty: not known", text_zh, unit="persons", least=0)


EPIDEMIC = Table(
    "epidemic",
    "What was reported of the epidemic: cumulative counts and people in care, by place and day.",
    "疫情报告",
    (
        reference("place", "places.place", "where", "地点", key=True),
        Column("date", "date", "day that the figures speak of", "日期", key=True, required=True),
        Column(
            "known_on",
            "date",
            "day on which the figures became known; empty: the same day. A later row for the same day corrects it",
            "获知日期",
            key=True,
        ),
        _people("confirmed", "confirmed cases, cumulative", "累计确诊"),
        _people("deaths", "deaths, cumulative", "累计死亡"),
        _people("recovered", "recovered or discharged, cumulative", "累计治愈"),
        _people("hospital", "people in hospital, intensive care included", "在院人数"),
        _people("icu", "people in intensive care", "重症监护人数"),
        _people("ventilated", "people on a ventilator", "使用呼吸机人数"),
        SOURCE,
    ),
)

REVISIONS = Table(
    "revisions",
    "Cases counted on one day that belong to earlier days: a wider definition, a backlog.",
    "口径调整与补报",
    (
        reference("place", "places.place", "where", "地点", key=True),
        Column("date", "date", "day on which they were counted", "计入日期", key=True, required=True),
        Column("cases", "number", "cases", "例数", unit="persons", required=True, least=0),
        Column(
            "from",
            "date",
            "first day they belong to; they are spread evenly to the day before",
            "追溯起始日",
            required=True,
        ),
        Column("reason", "text", "why", "原因"),
        SOURCE,
    ),
)

PROJECTIONS = Table(
    "projections",
    "A given projection of the course: quantiles or sample paths, by the day on which it was made.",
    "外部预测",
    (
        reference("place", "places.place", "where", "地点", key=True),
        Column("measure", "choice", "what is projected", "指标", key=True, required=True, choices=MEASURES_OF_COURSE),
        Column("made_on", "date", "day on which it was made", "预测日", key=True, required=True),
        Column("date", "date", "day projected", "日期", key=True, required=True),
        Column(
            "level",
            "number",
            "quantile level, 0.5 the median; empty: a sample path",
            "分位数",
            key=True,
            least=0,
            most=1,
        ),
        Column("path", "integer", "number of the sample path; empty: a quantile", "样本路径", key=True, least=0),
        Column("value", "number", "people", "人数", unit="persons", required=True, least=0),
        SOURCE,
    ),
)

SCENARIOS = Table(
    "scenarios",
    "What-if scenarios of the course: how measures change transmission from which day on.",
    "情景",
    (
        Column("scenario", "id", "scenario", "情景", key=True, required=True),
        Column("from", "date", "day from which the factor holds; empty: from the start", "起始日", key=True),
        Column("transmission", "number", "factor on the reproduction number", "传播系数", required=True, least=0),
        Column("weight", "number", "weight of the scenario against the others", "权重", least=0, default=1.0),
        SOURCE,
    ),
)

PARAMETERS = Table(
    "parameters",
    "Parameters of the course that differ from the defaults: severity, stays, intervals.",
    "流行病学参数",
    (
        code("parameter", "name of the parameter", "参数"),
        Column("place", "id", "where; empty: everywhere", "地点", key=True, refers=("places.place",)),
        Column("value", "number", "value", "数值", required=True),
        SOURCE,
    ),
)

CAPACITIES = Table(
    "capacities",
    "What care has at a place: beds, intensive care beds, health workers, laboratories.",
    "医疗能力",
    (
        reference("place", "places.place", "where", "地点", key=True),
        Column("capacity", "id", "what", "类别", key=True, required=True, example="icu_beds"),
        Column("quantity", "number", "how many there are", "数量", unit="beds or persons", required=True, least=0),
        SOURCE,
    ),
)

PROFILES = Table(
    "profiles",
    "Factors that change over time: posts that are closed again, seasons, work that resumes.",
    "时间系数",
    (
        Column("profile", "id", "code of the profile", "系数代码", key=True, required=True),
        Column("place", "id", "where; empty: everywhere", "地点", key=True, refers=("places.place",)),
        Column("from", "date", "day on which the factor is reached", "日期", key=True, required=True),
        Column(
            "factor",
            "number",
            "factor; between two days it changes evenly, outside them it stays",
            "系数",
            required=True,
            least=0,
        ),
        SOURCE,
    ),
)

SETTINGS_OF_USE = Table(
    "settings",
    "Settings in which people use goods, and how many people each has: rows of one setting add up.",
    "使用场景及人数",
    (
        Column("setting", "id", "setting", "场景", key=True, required=True, example="isolation_ward"),
        Column(
            "driver",
            "id",
            "what the people are counted from: a measure of the course (new_cases, active, mild, moderate, severe, "
            "critical, hospital, icu, ventilated), population, or a capacity of the place (beds, health_workers)",
            "驱动量",
            key=True,
            required=True,
            example="severe",
        ),
        Column(
            "people_per_unit",
            "number",
            "people for one unit of the driver",
            "每单位人数",
            required=True,
            least=0,
            unit="persons per unit of the driver",
        ),
        Column("profile", "id", "profile that the people follow over time", "时间系数", refers=("profiles.profile",)),
        Column("cap", "id", "capacity of the place that limits the people of this row", "上限能力"),
        Column(
            "cap_share", "number", "share of that capacity which the setting can have", "上限占比", least=0, default=1.0
        ),
        Column("tier", "choice", "tier of the needs of the setting", "层级", required=True, choices=TIERS),
        Column("name", "text", "name", "名称"),
        Column("name_zh", "text", "name in Chinese", "中文名称"),
        SOURCE,
    ),
)

PEOPLE = Table(
    "people",
    "How many people are in which setting, where a case says it itself; it stands before what is derived.",
    "各场景人数",
    (
        Column("scenario", "id", "scenario", "情景", key=True, default="base"),
        reference("place", "places.place", "where", "地点", key=True),
        Column("setting", "id", "setting", "场景", key=True, required=True),
        Column("date", "date", "day", "日期", key=True, required=True),
        Column("count", "number", "people", "人数", unit="persons", required=True, least=0),
        SOURCE,
    ),
)

GUIDELINES = Table(
    "guidelines",
    "Rules of use: how much of an item one person uses, by risk, setting and mode.",
    "使用指南",
    (
        Column(
            "risk",
            "choice",
            "risk level of the area",
            "风险等级",
            key=True,
            required=True,
            choices=RISKS,
        ),
        Column("setting", "id", "setting", "场景", key=True, required=True),
        reference("item", "items.item", "item", "物资", key=True),
        Column("mode", "choice", "mode of use", "使用模式", key=True, required=True, choices=MODES),
        Column(
            "units_per_person_day",
            "number",
            "use; on the basis held: units that each person holds",
            "人日用量",
            unit="units per person and day",
            required=True,
            least=0,
        ),
        Column(
            "basis",
            "choice",
            "day: used each day; held: stands with each person, and is needed when people come",
            "口径",
            choices=("day", "held"),
            default="day",
        ),
        Column(
            "life_days",
            "integer",
            "held: days after which it is replaced; empty: never",
            "使用寿命",
            unit="days",
            least=1,
        ),
        Column("waste", "number", "share added for what is spoilt", "损耗率", least=0, default=0.0),
        Column("tier", "choice", "tier of the need; empty: that of the setting", "层级", choices=TIERS),
        Column(
            "patience_days", "integer", "days that the need may wait", "可延迟天数", unit="days", least=0, default=0
        ),
        SOURCE,
    ),
)

STEP_DOWNS = Table(
    "step_downs",
    "What use in a more sparing mode takes off a need, day by day; derived with the needs.",
    "降级使用可减少的需求",
    (
        Column("scenario", "id", "scenario", "情景", key=True, default="base"),
        reference("item", "items.item", "item", "物资", key=True),
        reference("place", "places.place", "where", "地点", key=True),
        Column("tier", "choice", "tier", "层级", key=True, required=True, choices=TIERS),
        Column(
            "mode",
            "choice",
            "mode stepped down to, from the one before",
            "使用模式",
            key=True,
            required=True,
            choices=MODES[1:],
        ),
        Column("date", "date", "day", "日期", key=True, required=True),
        Column(
            "saved",
            "number",
            "units less than in the mode before",
            "减少量",
            unit="units of the item",
            required=True,
            least=0,
        ),
    ),
)

DEMAND_TABLES = (
    EPIDEMIC,
    REVISIONS,
    PROJECTIONS,
    SCENARIOS,
    PARAMETERS,
    CAPACITIES,
    PROFILES,
    SETTINGS_OF_USE,
    PEOPLE,
    GUIDELINES,
    STEP_DOWNS,
)
"""All of them, in the order in which they are read and shown."""
