"""The tables of what may come: events, what each of them does, how likely the experts judge it."""

from __future__ import annotations

from mainstay.tables.columns import SOURCE, code, reference
from mainstay.tables.declaration import Column, Table

EVENT_KINDS = ("epidemic", "sudden", "steady")
"""How needs run in an event: by the SEIR model; a blow that fades; the same from day to day."""

REACHES = ("place", "around", "country")
"""Where an event strikes: one place, that place and those around it, or all."""

EFFECTS = ("parameter", "need", "loss")
"""What an event changes: a parameter of the course, what is needed, what can be used."""

EVENT_PARAMETERS = {
    "prevalence": (0.0, 1.0),
    "response_days": (0.0, 3650.0),
    "response": (0.0, 10.0),
    "reproduction_number": (0.0, 50.0),
    "latent_days": (0.01, 365.0),
    "infectious_days": (0.1, 365.0),
    "found_share": (0.0001, 1.0),
    "moderate_share": (0.0, 1.0),
    "severe_share": (0.0, 1.0),
    "critical_share": (0.0, 1.0),
    "mild_days": (0.5, 365.0),
    "moderate_days": (0.5, 365.0),
    "severe_days": (0.5, 365.0),
    "critical_days": (0.5, 365.0),
}
"""Parameters that an epidemic may draw, with their range; those of the SEIR model and three of the event itself.

prevalence: share of the people who are infected on the day before the first; response_days, response: days until
measures take hold, and the factor on the reproduction number from then on.
"""

LOSABLE = {
    "enterprise": ("enterprises", "enterprise"),
    "region": ("places", "place"),
    "lane": ("lanes", "lane"),
    "source": ("imports", "source"),
    "item": ("items", "item"),
    "pool": ("pools", "pool"),
    "line": ("lines", "line"),
}
"""Kinds of things that can be lost, and the table and column that know their names; a port is a region."""

EVENTS = Table(
    "events",
    "What may come: outbreaks, accidents, floods, closed borders, with how likely each is.",
    "可能发生的事件",
    (
        code("event", "code of the event", "事件代码", "respiratory_severe"),
        Column("name", "text", "name", "名称", required=True),
        Column("name_zh", "text", "name in Chinese", "中文名称"),
        Column(
            "kind",
            "choice",
            "how needs run: epidemic (by the SEIR model), sudden (a blow that fades), steady (the same every day)",
            "需求走势",
            required=True,
            choices=EVENT_KINDS,
        ),
        Column(
            "chance",
            "number",
            "how often it comes in a year; only the proportions count as weights",
            "年发生频率",
            unit="events a year",
            required=True,
            least=0,
        ),
        Column(
            "reach",
            "choice",
            "where it strikes: one place, that place and those around it, or the whole country",
            "波及范围",
            required=True,
            choices=REACHES,
        ),
        Column("reach_km", "number", "how far around it strikes", "波及半径", unit="km", least=0),
        Column(
            "usual_share",
            "number",
            "share of the reference need that is there at each place whether struck or not",
            "平时需求占比",
            unit="0 to 1",
            least=0,
            most=1,
            default=0.0,
        ),
        SOURCE,
    ),
)

EVENT_EFFECTS = Table(
    "event_effects",
    "What an event changes, each within a range: parameters of the course, needs, losses.",
    "事件的影响",
    (
        reference("event", "events.event", "event", "事件", key=True),
        Column("effect", "choice", "what it changes", "影响", key=True, required=True, choices=EFFECTS),
        Column(
            "target",
            "id",
            "parameter: its name; need: an item, class or family, or * for all; loss: kind:name, kind:* for all of "
            "them, region:struck for the places struck, kind:one for one of them drawn",
            "对象",
            key=True,
            required=True,
            example="lane:*",
        ),
        Column(
            "low",
            "number",
            "low end: 5 in 100 lie below; 0: evenly spread from 0 to the high end. Need: factor on the reference on "
            "its highest day, or on what is derived; loss: share lost",
            "低值（5%）",
            required=True,
            least=0,
        ),
        Column("high", "number", "high end: 5 in 100 lie above", "高值（95%）", required=True, least=0),
        Column(
            "days_low",
            "number",
            "sudden need: half-life; loss: days it lasts; low end",
            "天数低值",
            unit="days",
            least=0.01,
        ),
        Column("days_high", "number", "high end of the same", "天数高值", unit="days", least=0.01),
        Column("delay_days", "integer", "days until a loss begins", "延迟天数", unit="days", least=0, default=0),
        Column("ramp_days", "number", "days over which a loss comes back", "恢复天数", unit="days", least=0, default=0),
        SOURCE,
    ),
)

JUDGEMENTS = Table(
    "judgements",
    "How likely each expert judges each event, given that one comes; pooled, they stand for the column chance.",
    "专家判断",
    (
        Column("expert", "id", "expert or panel", "专家", key=True, required=True),
        reference("event", "events.event", "event", "事件", key=True),
        Column(
            "weight",
            "number",
            "probability of the event, given that one comes; those of an expert sum to 1",
            "概率",
            unit="0 to 1",
            required=True,
            least=0,
            most=1,
        ),
        Column("standing", "number", "how much the expert counts against the others", "专家权重", least=0, default=1.0),
        SOURCE,
    ),
)

EVENT_TABLES = (EVENTS, EVENT_EFFECTS, JUDGEMENTS)
"""All of them, in the order in which they are read and shown."""
