"""A synthetic plan of realistic size and shape, so that the report can be tested without solving.

Nothing in it is a fact or an optimum: needs and supplies are drawn from a seeded generator.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

import numpy as np
import polars as pl

from mainstay.calendar import Calendar
from mainstay.demand import Course, Demand, Note, derive
from mainstay.solve.solution import StageProof
from mainstay.tables import make_case
from mainstay.tables.case_tables import CASE_TABLES
from mainstay.tables.declaration import Table
from mainstay.tables.result_tables import RESULT_TABLES

_TYPES = {"number": pl.Float64, "integer": pl.Int64, "date": pl.Date, "boolean": pl.Boolean}

# code, name, name in Chinese, latitude and longitude of the capital, people in millions
AREAS = [
    ("beijing", "Beijing", "北京", 39.9, 116.4, 21.9),
    ("tianjin", "Tianjin", "天津", 39.1, 117.2, 13.9),
    ("hebei", "Hebei", "河北", 38.0, 114.5, 74.6),
    ("shanxi", "Shanxi", "山西", 37.9, 112.5, 34.9),
    ("inner_mongolia", "Inner Mongolia", "内蒙古", 40.8, 111.7, 24.0),
    ("liaoning", "Liaoning", "辽宁", 41.8, 123.4, 42.6),
    ("jilin", "Jilin", "吉林", 43.9, 125.3, 24.1),
    ("heilongjiang", "Heilongjiang", "黑龙江", 45.8, 126.5, 31.9),
    ("shanghai", "Shanghai", "上海", 31.2, 121.5, 24.9),
    ("jiangsu", "Jiangsu", "江苏", 32.1, 118.8, 84.7),
    ("zhejiang", "Zhejiang", "浙江", 30.3, 120.2, 64.6),
    ("anhui", "Anhui", "安徽", 31.8, 117.2, 61.0),
    ("fujian", "Fujian", "福建", 26.1, 119.3, 41.5),
    ("jiangxi", "Jiangxi", "江西", 28.7, 115.9, 45.2),
    ("shandong", "Shandong", "山东", 36.7, 117.0, 101.5),
    ("henan", "Henan", "河南", 34.8, 113.6, 99.4),
    ("hubei", "Hubei", "湖北", 30.6, 114.3, 57.8),
    ("hunan", "Hunan", "湖南", 28.2, 112.9, 66.4),
    ("guangdong", "Guangdong", "广东", 23.1, 113.3, 126.0),
    ("guangxi", "Guangxi", "广西", 22.8, 108.4, 50.1),
    ("hainan", "Hainan", "海南", 20.0, 110.3, 10.1),
    ("chongqing", "Chongqing", "重庆", 29.6, 106.5, 32.1),
    ("sichuan", "Sichuan", "四川", 30.6, 104.1, 83.7),
    ("guizhou", "Guizhou", "贵州", 26.6, 106.7, 38.6),
    ("yunnan", "Yunnan", "云南", 25.0, 102.7, 47.2),
    ("tibet", "Tibet", "西藏", 29.7, 91.1, 3.6),
    ("shaanxi", "Shaanxi", "陕西", 34.3, 108.9, 39.5),
    ("gansu", "Gansu", "甘肃", 36.1, 103.8, 25.0),
    ("qinghai", "Qinghai", "青海", 36.6, 101.8, 5.9),
    ("ningxia", "Ningxia", "宁夏", 38.5, 106.2, 7.2),
    ("xinjiang", "Xinjiang", "新疆", 43.8, 87.6, 25.9),
]
MAKERS = ("henan", "jiangsu", "zhejiang", "guangdong", "hubei", "shandong", "fujian")

# code, name, name in Chinese, stage, unit, use per million people and day, how well supply covers it
ITEMS = [
    ("mask_medical", "Medical mask", "医用口罩", "finished", "piece", 21000, 0.6),
    ("mask_surgical", "Surgical mask", "医用外科口罩", "finished", "piece", 9000, 0.8),
    ("mask_n95", "N95 respirator", "N95口罩", "finished", "piece", 900, 0.5),
    ("suit", "Protective suit", "医用防护服", "finished", "piece", 180, 0.45),
    ("gown", "Isolation gown", "隔离衣", "finished", "piece", 400, 0.9),
    ("goggles", "Goggles", "护目镜", "finished", "piece", 60, 0.85),
    ("gloves", "Medical gloves", "医用手套", "finished", "pair", 5000, 1.2),
    ("disinfectant", "Bleach disinfectant", "84消毒液", "finished", "L", 2500, 1.1),
    ("alcohol", "Medical alcohol", "医用酒精", "finished", "L", 900, 1.0),
    ("test_kit", "Nucleic acid test", "核酸检测试剂", "finished", "test", 300, 0.7),
    ("ventilator", "Ventilator", "呼吸机", "equipment", "unit", 0.6, 0.9),
    ("thermometer", "Infrared thermometer", "红外测温仪", "equipment", "unit", 4, 0.8),
    ("drug", "Arbidol course", "阿比多尔", "finished", "course", 10, 1.0),
    ("meltblown", "Melt-blown cloth", "熔喷布", "intermediate", "kg", 0, 0),
    ("spunbond", "Spunbond cloth", "纺粘布", "intermediate", "kg", 0, 0),
    ("polypropylene", "Polypropylene", "聚丙烯", "raw", "t", 0, 0),
    ("suit_unsterile", "Suit before sterilisation", "待灭菌防护服", "intermediate", "piece", 0, 0),
    ("mask_machine", "Mask machine", "口罩机", "equipment", "unit", 0, 0),
]
TIER_SHARE = {"vital": 0.25, "essential": 0.35, "desirable": 0.4}


@dataclass
class FakeCase:
    """What the report reads of a case."""

    tables: dict[str, pl.DataFrame]
    start: date = date(2020, 1, 24)
    title: str = "Synthetic outbreak, 31 provinces"
    title_zh: str = "合成疫情，31个省份"
    horizon: str = "14x1 6x7 1x4"
    scenario: str = "base"
    currency: str = "CNY"
    hash: str = "0f" * 32
    extras: dict[str, bytes] = field(default_factory=dict)
    stocks_on: date | None = None


@dataclass
class FakeRule:
    name: str
    text: str
    text_zh: str = ""


@dataclass
class FakeCheck:
    rules: tuple[FakeRule, ...]
    violations: tuple[Any, ...] = ()
    ok: bool = True


@dataclass
class FakePlan:
    """What the report reads of a plan."""

    case: FakeCase
    calendar: Calendar
    tables: dict[str, pl.DataFrame]
    stages: tuple[StageProof, ...]
    check: FakeCheck
    demand: Demand | None = None
    status: str = "within gap"
    seconds: dict[str, float] = field(default_factory=lambda: {"read": 0.4, "solve": 31.2, "check": 1.1})
    together: tuple[str, ...] = ()
    common_days: int = 0


def frame(table: Table, rows: list[dict[str, Any]]) -> pl.DataFrame:
    """Rows as a typed frame with every declared column."""
    schema = {c.name: _TYPES.get(c.type, pl.String) for c in table.columns}
    return pl.DataFrame([{n: row.get(n) for n in schema} for row in rows], schema=schema)


def fake_plan(seed: int = 1) -> FakePlan:
    """31 provinces, 18 items, 60 days; the same seed gives the same plan."""
    maker, demand = _Maker(seed), fake_demand(seed)
    tables = {name: frame(t, maker.case.get(name, [])) for name, t in CASE_TABLES.items()}
    return FakePlan(
        FakeCase(tables | {"settings": demand.case["settings"]}),
        maker.calendar,
        {name: frame(t, maker.rows.get(name, [])) for name, t in RESULT_TABLES.items()},
        (
            StageProof("rules", 0.0, 0.0, 0.0, 1.0, 10),
            StageProof("vital fairness", 3.91, 3.9, 0.0026, 8.0, 100),
            StageProof("vital shortage", 1.204, 1.199, 0.0042, 9.0, 200),
            StageProof("essential shortage", 4.4, 4.38, 0.0045, 9.0, 200),
            StageProof("cost", 8.1e8, 8.04e8, 0.0074, 4.0, 0),
        ),
        FakeCheck(
            (
                FakeRule("goods_balance", "What is in stock was there, made, imported or received."),
                FakeRule("line_capacity", "No line makes more than it can."),
                FakeRule("transit_time", "Nothing arrives before it left."),
            )
        ),
        demand,
    )


# setting, name, name in Chinese, what it is counted from, people per unit, tier
SETTINGS = [
    ("ward", "Patients in hospital", "住院患者", "hospital", 1.0, "vital"),
    ("staff", "Health workers", "医护人员", "health_workers", 0.4, "vital"),
    ("public", "The public", "公众", "population", 1.0, "desirable"),
]


def fake_demand(seed: int = 1, paths: int = 40) -> Demand:
    """What the 31 provinces need by three settings, over courses that grow at different speeds."""
    maker = _Maker(seed)
    start, days = maker.calendar.start, maker.calendar.num_days
    used = [(item, use) for item, _, _, _, _, use, _ in ITEMS if use]
    places = [{**row, "risk": "low"} for row in maker.case["places"] if row["kind"] == "area"]
    rows = {
        "places": places,
        "items": maker.case["items"],
        "capacities": [
            {"place": row["place"], "capacity": "health_workers", "quantity": row["population"] / 150} for row in places
        ],
        "settings": [
            dict(zip(("setting", "name", "name_zh", "driver", "people_per_unit", "tier"), row, strict=True))
            for row in SETTINGS
        ],
        "guidelines": [
            {"risk": "low", "setting": setting, "item": item, "mode": "conventional", "units_per_person_day": rate}
            for item, use in used
            for setting, rate in (("ward", use / 1000), ("staff", use / 4000), ("public", use / 2e6))
            if item != "drug" or setting == "ward"
        ],
        "epidemic": [{"place": "hubei", "date": start - timedelta(days=1), "confirmed": 549.0}],
    }
    speed = maker.rng.lognormal(0, 0.5, (paths, 1, 1))
    ill = {row["place"]: 730.0 if row["place"] == "hubei" else 20.0 for row in places}
    hospital = np.array(list(ill.values()))[:, None] * np.exp(0.05 * speed * np.arange(days))
    case = make_case(
        start,
        {name: pl.DataFrame(of_table) for name, of_table in rows.items()},
        title=FakeCase.title,
        title_zh=FakeCase.title_zh,
        horizon=maker.calendar.text,
        course="projections",
    )
    return derive(
        case,
        course=Course(
            tuple(ill),
            tuple(start + timedelta(days=day) for day in range(days)),
            {"hospital": hospital.astype(np.float32)},
            {"hospital": np.array(list(ill.values()))},
            np.full(paths, 1 / paths),
            (Note("One day without a report was filled.", "补全缺报1天。"),),
        ),
    )


class _Maker:
    """Draws the tables one after the other."""

    def __init__(self, seed: int) -> None:
        self.rng = np.random.default_rng(seed)
        self.calendar = Calendar.parse("14x1 6x7 1x4", date(2020, 1, 24))
        self.case: dict[str, list[dict[str, Any]]] = {}
        self.rows: dict[str, list[dict[str, Any]]] = {name: [] for name in RESULT_TABLES}
        self.make_case()
        self.make_needs()
        self.make_work()
        self.make_flows()
        self.make_decisions()
        self.make_reasons()

    def periods(self) -> list[dict[str, Any]]:
        return [{"date": d, "days": n} for d, n in zip(self.calendar.dates, self.calendar.days, strict=True)]

    def make_case(self) -> None:
        self.case["places"] = [
            {"place": a, "name": n, "name_zh": z, "kind": "area", "lat": y, "lon": x, "population": p * 1e6}
            for a, n, z, y, x, p in AREAS
        ] + [
            {"place": "pvg", "name": "Pudong airport", "name_zh": "浦东机场", "kind": "port", "lat": 31.1, "lon": 121.8}
        ]
        self.case["items"] = [
            {"item": i, "name": n, "name_zh": z, "stage": s, "unit": u, "importance": "vital", "weight": 1.0}
            for i, n, z, s, u, _, _ in ITEMS
        ]
        self.case["enterprises"], self.case["lines"], self.case["licences"] = [], [], []
        kinds = ("mask", "n95", "suit", "diaper", "meltblower", "irradiator", "garment")
        for number, area in enumerate(MAKERS):
            for trade, zh in (("Protective goods", "防护用品"), ("Hygiene", "卫生用品")):
                code = f"{area}_{trade.split()[0].lower()}"
                name, name_zh = next((n, z) for a, n, z, *_ in AREAS if a == area)
                self.case["enterprises"].append(
                    {
                        "enterprise": code,
                        "name": f"{trade} makers of {name}",
                        "name_zh": f"{name_zh}{zh}企业",
                        "place": area,
                    }
                )
                for kind in kinds:
                    quantity = float(3 + (number * 7 + len(kind)) % 20)
                    self.case["lines"].append(
                        {
                            "line": f"{code}_{kind}",
                            "enterprise": code,
                            "place": area,
                            "kind": kind,
                            "quantity": quantity,
                        }
                    )
            self.case["licences"].append({"enterprise": f"{area}_hygiene", "item": "suit", "state": "none"})
        self.case["processes"] = [
            {
                "process": "make_mask",
                "item": "mask_medical",
                "kind": "make",
                "line_kind": "mask",
                "rate_per_day": 80000.0,
                "licence": True,
            },
            {
                "process": "make_n95",
                "item": "mask_n95",
                "kind": "make",
                "line_kind": "n95",
                "rate_per_day": 12000.0,
                "licence": True,
            },
            {
                "process": "make_suit",
                "item": "suit_unsterile",
                "kind": "make",
                "line_kind": "suit",
                "rate_per_day": 700.0,
            },
            {
                "process": "make_meltblown",
                "item": "meltblown",
                "kind": "make",
                "line_kind": "meltblower",
                "rate_per_day": 1000.0,
            },
            {
                "process": "irradiate_suit",
                "item": "suit",
                "kind": "release",
                "line_kind": "irradiator",
                "rate_per_day": 9000.0,
                "dwell_days": 1,
            },
        ]
        self.case["recipes"] = [
            {"process": "make_mask", "item": "meltblown", "quantity": 0.001},
            {"process": "irradiate_suit", "item": "suit_unsterile", "quantity": 1.0},
        ]
        self.case["conversions"] = [
            {"conversion": "diaper_to_mask", "from_kind": "diaper", "to_kind": "mask", "lead_days": 6},
            {"conversion": "garment_to_suit", "from_kind": "garment", "to_kind": "suit", "lead_days": 4},
        ]
        self.case["measures"] = [
            {
                "measure": f"staff_{a}",
                "name": f"Bring crews back, {a}",
                "name_zh": f"组织返岗（{a}）",
                "kind": "staff",
                "target_kind": "line",
                "target": f"{a}_protective_mask",
                "effect": "share",
                "amount": 0.3,
            }
            for a in MAKERS
        ]
        self.case["imports"] = [
            {
                "source": "offer_n95",
                "item": "mask_n95",
                "port": "pvg",
                "quantity_per_day": 2e5,
                "lead_days": 3,
                "customs_days": 3,
                "express_days": 1,
            }
        ]
        self.case["lanes"] = [
            {"lane": f"road_{m}_{a}", "origin": m, "destination": a, "mode": "road", "transit_days": 2}
            for m in MAKERS
            for a, *_ in AREAS
            if a != m
        ]

    def make_needs(self) -> None:
        first = self.calendar.dates[0]
        for item, _, _, _, _, use, cover in ITEMS:
            if not use:
                continue
            for area, _, _, _, _, people in AREAS:
                hard = 6.0 if area == "hubei" else 1.0
                for tier, share in TIER_SHARE.items():
                    for p in self.periods():
                        day = (p["date"] - first).days
                        wave = np.exp(-(((day - 20) / 14) ** 2)) + 0.3
                        need = float(np.ceil(use * people * share * wave * hard * p["days"]))
                        grown = cover * (0.35 + 0.03 * day) * {"vital": 1.6, "essential": 1.0, "desirable": 0.7}[tier]
                        fill = float(np.clip(grown * self.rng.uniform(0.8, 1.2) / (1.3 if hard > 1 else 1), 0, 1))
                        served = float(np.floor(need * fill))
                        possible = float(np.floor(0.3 * need)) if item == "mask_n95" and tier == "vital" else 0.0
                        eased = min(need - served, possible)
                        key = {**p, "item": item, "place": area, "tier": tier}
                        figures = {"served": served, "eased": eased, "waiting": 0.0, "lost": need - served - eased}
                        self.rows["shortages"].append({**key, "need": need, **figures})
                        if eased:
                            mode = {"mode": "contingency", "need": need, "possible": possible, "saved": eased}
                            self.rows["modes"].append({**key, **mode})
                        self.rows["service"].append(
                            {
                                **key,
                                "used_item": item,
                                "owner": "enterprise",
                                "quantity": served,
                                "used_quantity": served,
                            }
                        )
                for p in self.periods():
                    stock = float(round(use * people * self.rng.uniform(0, 6)))
                    self.rows["stocks"].append(
                        {**p, "place": area, "item": item, "owner": "enterprise", "quantity": stock, "below_floor": 0.0}
                    )

    def make_work(self) -> None:
        rate = {p["line_kind"]: p for p in self.case["processes"]}
        for line in self.case["lines"]:
            for t, p in enumerate(self.periods()):
                usable = line["quantity"] * min(1.0, 0.3 + 0.05 * t)
                used = usable * float(self.rng.uniform(0.6, 1.0)) if line["kind"] in rate else 0.0
                self.rows["capacity"].append(
                    {
                        **p,
                        **{k: line[k] for k in ("line", "kind", "enterprise", "place")},
                        "lines": line["quantity"],
                        "usable": usable,
                        "used": used,
                    }
                )
                if line["kind"] not in rate:
                    continue
                process = rate[line["kind"]]
                started = used * process["rate_per_day"] * p["days"]
                ready = p["date"] + timedelta(days=process.get("dwell_days") or 0)
                table = "releases" if process["kind"] == "release" else "production"
                self.rows[table].append(
                    {
                        **p,
                        "line": line["line"],
                        "process": process["process"],
                        "enterprise": line["enterprise"],
                        "place": line["place"],
                        "item": process["item"],
                        "started": started,
                        "quantity": started * 0.97,
                        "ready_date": ready,
                        "cost": started * 0.4,
                    }
                )

    def make_flows(self) -> None:
        for lane in self.case["lanes"]:
            for item in ("mask_medical", "mask_n95", "suit", "gloves", "test_kit"):
                if self.rng.random() < 0.6:
                    continue
                scale = 2e5 * (5 if lane["destination"] == "hubei" else 1) * self.rng.random() ** 3
                for p in self.periods():
                    quantity = float(round(scale * p["days"] * self.rng.uniform(0.5, 1)))
                    self.rows["shipments"].append(
                        {
                            **p,
                            "lane": lane["lane"],
                            "item": item,
                            "origin": lane["origin"],
                            "destination": lane["destination"],
                            "mode": "road",
                            "quantity": quantity,
                            "ready_date": p["date"] + timedelta(days=2),
                            "load": quantity * 0.01,
                            "cost": quantity * 0.001,
                        }
                    )
        for p in self.periods():
            self.rows["imports"].append(
                {
                    **p,
                    "source": "offer_n95",
                    "customs": "express",
                    "item": "mask_n95",
                    "port": "pvg",
                    "quantity": 1.5e5 * p["days"],
                    "ready_date": p["date"] + timedelta(days=4),
                    "cost": 6e5 * p["days"],
                }
            )
        first = self.periods()[0]
        for area in ("beijing", "guangdong", "shandong"):
            self.rows["reserve_releases"].append({**first, "place": area, "item": "suit", "quantity": 14000.0})

    def make_decisions(self) -> None:
        for t, p in enumerate(self.periods()[:6]):
            for area in MAKERS[t % 3 :: 3]:
                for conversion, kind, to in (
                    ("diaper_to_mask", "diaper", "mask"),
                    ("garment_to_suit", "garment", "suit"),
                ):
                    line = f"{area}_hygiene_{kind}"
                    self.rows["conversions"].append(
                        {
                            **p,
                            "conversion": conversion,
                            "line": line,
                            "to_line": f"{line}>{to}",
                            "enterprise": f"{area}_hygiene",
                            "place": area,
                            "lines": 2.0 + t % 3,
                            "ready_date": p["date"] + timedelta(days=6),
                            "cost": 2.4e6,
                        }
                    )
                self.rows["licences"].append(
                    {
                        **p,
                        "enterprise": f"{area}_hygiene",
                        "item": "suit",
                        "track": "fast",
                        "number": 1.0,
                        "ready_date": p["date"] + timedelta(days=3),
                        "cost": 0.0,
                    }
                )
                self.rows["measures"].append(
                    {
                        **p,
                        "measure": f"staff_{area}",
                        "target": f"{area}_protective_mask",
                        "number": 1.0,
                        "ready_date": p["date"] + timedelta(days=2),
                        "cost": 3e5,
                    }
                )

    def make_reasons(self) -> None:
        first = self.calendar.start
        for item, resource, what, words, words_zh in (
            (
                "mask_medical",
                "goods:meltblown@henan/enterprise",
                "goods",
                "Melt-blown cloth at Henan is used up",
                "河南熔喷布用尽",
            ),
            (
                "suit",
                "capacity:henan_protective_irradiator",
                "line",
                "Irradiators at Henan run all day",
                "河南辐照装置满负荷",
            ),
            (
                "mask_n95",
                "offer:offer_n95",
                "import offer",
                "The offer of N95 abroad is exhausted",
                "境外N95货源已用尽",
            ),
        ):
            for area, *_ in AREAS:
                self.rows["reasons"].append(
                    {
                        "item": item,
                        "place": area,
                        "tier": "vital",
                        "from": first,
                        "to": first + timedelta(days=12),
                        "lost": float(round(self.rng.uniform(1e3, 1e5))),
                        "rank": 1,
                        "what": what,
                        "resource": resource,
                        "binds_until": first + timedelta(days=14),
                        "chain": f"goods:{item}@{area}/enterprise;goods:{item}@henan/enterprise;{resource}",
                        "text": f"{words} until 7 February.",
                        "text_zh": f"{words_zh}，至2月7日。",
                    }
                )
        for p in self.periods()[:14]:
            for resource, what, item, place in (
                ("goods:meltblown@henan/enterprise", "goods", "meltblown", "henan"),
                ("capacity:henan_protective_irradiator", "line capacity", None, "henan"),
            ):
                self.rows["prices"].append(
                    {
                        **p,
                        "stage": "vital shortage",
                        "resource": resource,
                        "what": what,
                        "item": item,
                        "place": place,
                        "subject": resource.split()[-1],
                        "price": float(self.rng.uniform(1e-7, 1e-5)),
                    }
                )
