"""Seeded synthetic cases of any size: chains of goods, makers, lanes, imports, and needs short of supply.

The shapes are those of an emergency supply system (finished goods from shared materials, some released after a dwell,
idle lines that can be converted, lanes that share their room, a wave of need); every figure is drawn from a seeded
generator and says nothing of any real place.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from mainstay.calendar import DEFAULT_HORIZON, Calendar
from mainstay.tables import Case
from mainstay.tables.case import make_case

START = date(2020, 1, 24)
Array = NDArray[Any]


@dataclass(frozen=True)
class Size:
    """How large a case is.

    places : areas with needs; the first is also the port; items : finished items, each with materials, a third of
    them released after a dwell; makers : enterprises, one group of lines each; lanes_per_place : to its nearest places
    coverage : capacity to make, and materials, as share of the mean need; tiers : of need, 1 to 3
    idle : groups of idle lines that can be converted (whole lines); patience_days : how late a need may be met
    """

    places: int = 31
    items: int = 12
    makers: int = 120
    lanes_per_place: int = 4
    horizon: str = DEFAULT_HORIZON
    coverage: float = 0.7
    tiers: int = 2
    idle: int = 0
    patience_days: int = 0
    seed: int = 0


@dataclass(frozen=True)
class _World:
    """What the tables draw on: sizes of items [units a day], shares of places, coordinates."""

    size: Size
    random: np.random.Generator
    daily: Array
    share: Array
    where: Array

    @property
    def materials(self) -> int:
        return max(2, self.size.items // 2)

    @property
    def dwelling(self) -> Array:
        """Finished items that wait in quarantine: every third."""
        return np.arange(0, self.size.items, 3)


def synthetic(size: Size = Size()) -> Case:
    """A case of that size; the same size and seed give the same case."""
    random = np.random.default_rng(size.seed)
    share = random.dirichlet(np.full(size.places, 0.7)) + 0.1 / size.places
    world = _World(
        size,
        random,
        10.0 ** random.uniform(2, 6, size.items),
        share / share.sum(),
        random.uniform(0, 30, (size.places, 2)),
    )
    tables = {
        "places": _places(world),
        "items": _items(world),
        **_industry(world),
        "stocks": _stocks(world),
        "lanes": _lanes(world),
        "imports": _imports(world),
        "needs": _needs(world),
        "availability": _availability(),
        "pools": pl.DataFrame({"pool": ["budget"], "quantity": [20e6], "basis": ["horizon"]}),
    }
    return make_case(START, tables, title="synthetic", horizon=size.horizon)


def _names(prefix: str, numbers: Array | int) -> list[str]:
    return [f"{prefix}{n}" for n in (range(numbers) if isinstance(numbers, int) else numbers.tolist())]


def _places(world: _World) -> pl.DataFrame:
    names = _names("p", world.size.places)
    lat, lon = world.where[:, 0] + 15, world.where[:, 1] + 90
    people = np.round(world.share * 1e8)
    return pl.DataFrame({"place": names, "name": names, "lat": lat, "lon": lon, "population": people}).with_columns(
        kind=pl.lit("area")
    )


def _items(world: _World) -> pl.DataFrame:
    """Finished f, quarantined q, materials m; mass such that a day's need of each item is 1 t per million people."""
    finished = pl.DataFrame({"item": _names("f", world.size.items), "mass_kg": 1e5 / world.daily}).with_columns(
        stage=pl.lit("finished"), unit=pl.lit("piece"), family=pl.lit("finished")
    )
    quarantined = finished[world.dwelling].with_columns(
        item=pl.col("item").str.replace("f", "q"), stage=pl.lit("intermediate"), family=pl.lit("quarantined")
    )
    materials = pl.DataFrame({"item": _names("m", world.materials)}).with_columns(
        mass_kg=1.0, stage=pl.lit("raw"), unit=pl.lit("kg"), family=pl.lit("materials")
    )
    return pl.concat([finished, quarantined.select(finished.columns), materials.select(
        pl.col(name).cast(kind) for name, kind in finished.schema.items()
    )]).with_columns(name="item")  # fmt: skip


def _industry(world: _World) -> dict[str, pl.DataFrame]:
    """Enterprises, lines, processes, recipes and conversions."""
    size, random = world.size, world.random
    maker_item = np.arange(size.makers) % size.items
    maker_place = random.choice(size.places, size.makers, p=world.share)
    quantity = random.integers(1, 9, size.makers).astype(float)
    standing = np.maximum(np.bincount(maker_item, quantity, size.items), 1)
    rate = world.daily * size.coverage * 1.3 / standing
    makers = pl.DataFrame(
        {
            "line": _names("l", size.makers),
            "place": _names("p", maker_place),
            "kind": _names("sew", maker_item),
            "quantity": quantity,
        }
    )
    dwells = np.isin(maker_item, world.dwelling)
    chambers = makers.filter(dwells).with_columns(
        line=pl.col("line").str.replace("l", "c"), kind=pl.col("kind").str.replace("sew", "chamber")
    )
    idle_place = random.choice(size.places, size.idle, p=world.share)
    idle = pl.DataFrame(
        {
            "line": _names("idle", size.idle),
            "place": _names("p", idle_place),
            "kind": ["nappy"] * size.idle,
            "quantity": random.integers(1, 6, size.idle).astype(float),
        },
        schema=makers.schema,
    )
    lines = pl.concat([makers, chambers.select(makers.columns), idle]).with_columns(
        enterprise=pl.format("e{}", pl.int_range(pl.len()))
    )
    names = np.array(_names("f", size.items))
    made = np.where(np.isin(np.arange(size.items), world.dwelling), np.char.replace(names, "f", "q"), names)
    make = pl.DataFrame(
        {
            "process": _names("make_f", size.items),
            "item": made,
            "line_kind": _names("sew", size.items),
            "rate_per_day": rate,
            "yield_rate": 0.97,
            "unit_cost": random.uniform(1, 5, size.items) / world.daily * 1e4,
        }
    ).with_columns(kind=pl.lit("make"), dwell_days=pl.lit(0))
    release = make[world.dwelling].with_columns(
        process=pl.format("release_f{}", pl.Series(world.dwelling)),
        item=pl.col("item").str.replace("q", "f"),
        line_kind=pl.col("line_kind").str.replace("sew", "chamber"),
        rate_per_day=pl.col("rate_per_day") * 1.2,
        kind=pl.lit("release"),
        dwell_days=pl.lit(7),
    )
    conversions = pl.DataFrame(
        {"conversion": _names("nappy_to_f", size.items), "to_kind": _names("sew", size.items)}
    ).with_columns(from_kind=pl.lit("nappy"), lead_days=5, ramp=pl.lit("0.5;1"), cost=5e5, budget=pl.lit("budget"))
    return {
        "enterprises": lines.select("enterprise", "place", name="enterprise"),
        "lines": lines,
        "processes": pl.concat([make, release.select(make.columns)]),
        "recipes": _recipes(world),
        "conversions": conversions.head(size.items if size.idle else 0),
    }


def _parts(world: _World) -> tuple[Array, Array]:
    """The two materials of each finished item, and how much of each it takes [kg per unit]."""
    first = np.arange(world.size.items) % world.materials
    second = (first + 1 + np.arange(world.size.items) // world.materials) % world.materials
    return np.stack([first, second]), 1e5 / world.daily * np.array([[0.6], [0.5]])


def _recipes(world: _World) -> pl.DataFrame:
    parts, taken = _parts(world)
    make = pl.concat(
        pl.DataFrame(
            {
                "process": _names("make_f", world.size.items),
                "item": _names("m", parts[n]),
                "quantity": np.broadcast_to(taken[n], world.size.items),
            }
        )
        for n in range(2)
    )
    release = pl.DataFrame(
        {"process": _names("release_f", world.dwelling), "item": _names("q", world.dwelling), "quantity": 1.0}
    )
    return pl.concat([make.group_by("process", "item", maintain_order=True).agg(pl.col("quantity").sum()), release])


def _material_need(world: _World) -> Array:
    """Mean daily need of each material [kg] when all needs are met."""
    parts, taken = _parts(world)
    return np.bincount(parts.ravel(), (taken * world.daily).ravel(), world.materials)


def _stocks(world: _World) -> pl.DataFrame:
    """A few days of everything everywhere; of finished goods also in reserves and facilities."""
    size, random = world.size, world.random
    frames = []
    for prefix, daily, owners in (
        ("f", world.daily, ("enterprise", "reserve", "facility")),
        ("m", _material_need(world), ("enterprise",)),
    ):
        item, place = (grid.ravel() for grid in np.indices((len(daily), size.places)))
        for owner in owners:
            days = random.uniform(0, 4, len(item))
            frames.append(
                pl.DataFrame(
                    {
                        "place": _names("p", place),
                        "item": _names(prefix, item),
                        "quantity": np.ceil(daily[item] * world.share[place] * days),
                    }
                ).with_columns(owner=pl.lit(owner), lot=pl.lit("opening"))
            )
    return pl.concat(frames)


def _lanes(world: _World) -> pl.DataFrame:
    """Both ways between each place and its nearest, and from the port to every place; a day or more by distance."""
    size = world.size
    distance = np.linalg.norm(world.where[:, None] - world.where[None], axis=2)
    near = np.argsort(distance, axis=1, kind="stable")[:, 1 : size.lanes_per_place + 1]
    ends = np.stack([np.repeat(np.arange(size.places), near.shape[1]), near.ravel()])
    port = np.stack([np.zeros(size.places - 1, dtype=int), np.arange(1, size.places)])
    origin, target = np.unique(np.concatenate([ends, ends[::-1], port], axis=1), axis=1)
    days = np.ceil(distance[origin, target] / 8).astype(int).clip(1, 4)
    room = 1e5 * size.items * np.maximum(world.share[origin], world.share[target])
    return pl.DataFrame(
        {
            "origin": _names("p", origin),
            "destination": _names("p", target),
            "transit_days": days,
            "capacity": np.round(room),
            "unit_cost": 0.05 * days,
        }
    ).with_columns(lane=pl.format("{}>{}", "origin", "destination"), mode=pl.lit("road"), capacity_unit=pl.lit("kg"))


def _imports(world: _World) -> pl.DataFrame:
    """Half of each material at the port from the first day, the rest from the tenth; a little of each finished item."""
    need = _material_need(world) * world.size.coverage * 1.1
    tenth = START + timedelta(days=9)
    sources = [
        ("early", "m", need * 0.5, START),
        ("late", "m", need * 0.6, tenth),
        ("ready", "f", world.daily * 0.05, tenth),
    ]
    return pl.concat(
        pl.DataFrame({"item": _names(prefix, len(quantity)), "quantity_per_day": quantity}).with_columns(
            source=pl.format(source + "_{}", "item"),
            port=pl.lit("p0"),
            **{"from": pl.lit(first)},
            lead_days=3,
            customs_days=2,
            unit_cost=2.0,
        )
        for source, prefix, quantity, first in sources
    )


def _needs(world: _World) -> pl.DataFrame:
    """One row per item, place, tier and first day of a period: a wave that passes from place to place."""
    size = world.size
    calendar = Calendar.parse(size.horizon, START)
    middle = calendar.first_days + calendar.lengths / 2
    peak = world.random.uniform(0.2, 0.7, size.places) * calendar.num_days
    wave = 0.6 + np.exp(-(((middle - peak[:, None]) / (0.25 * calendar.num_days)) ** 2))
    wave /= wave.mean()
    weight = np.array([[1.0], [0.4], [0.2]])[: size.tiers] if size.tiers > 1 else np.ones((1, 1))
    weight = np.broadcast_to(weight / weight.sum(), (size.tiers, size.places))
    quantity = np.round(
        np.einsum("i,kp,p,pt,t->ipkt", world.daily, weight, world.share, wave, calendar.lengths.astype(float))
    )
    item, place, tier, period = (grid.ravel() for grid in np.indices(quantity.shape))
    tiers = pl.Series(["vital", "essential", "desirable"])
    return pl.DataFrame(
        {
            "item": pl.Series(_names("f", size.items))[item],
            "place": pl.Series(_names("p", size.places))[place],
            "tier": tiers[tier],
            "date": pl.Series(calendar.dates)[period],
            "quantity": quantity.ravel(),
        }
    ).with_columns(patience_days=pl.lit(size.patience_days), scenario=pl.lit("base"))


def _availability() -> pl.DataFrame:
    """Half of all lines stand still for the first ten days, a fifth for ten more."""
    return pl.DataFrame(
        {
            "from": [START, START + timedelta(days=10)],
            "to": [START + timedelta(days=9), START + timedelta(days=19)],
            "share": [0.5, 0.8],
        }
    ).with_columns(subject_kind=pl.lit("line"), subject=pl.lit("*"), blocker=pl.lit("staff"))
