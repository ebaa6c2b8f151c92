"""Make the case ``regions-7`` from ``hubei-2020``: seven regions, options of what may stand ready, synthetic futures.

``python examples/make_regions_7.py`` writes it anew, always the same to the byte. What is taken from the larger case,
what is estimated and how futures are drawn is said in ``regions-7/README.md``.
"""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl

from mainstay import Case, make_case, read, write
from mainstay.prepare import Future
from mainstay.stress import Disruption, Target

HERE = Path(__file__).parent
REGIONS = {
    "north": ("North", "华北", "beijing tianjin hebei shanxi inner_mongolia capital tianjin_port"),
    "northeast": ("Northeast", "东北", "liaoning jilin heilongjiang"),
    "east": ("East", "华东", "shanghai jiangsu zhejiang anhui fujian jiangxi shandong pudong yangshan"),
    "central": ("Central", "华中", "henan hubei hunan tianhe"),
    "south": ("South", "华南", "guangdong guangxi hainan baiyun baoan"),
    "southwest": ("Southwest", "西南", "chongqing sichuan guizhou yunnan tibet shuangliu"),
    "northwest": ("Northwest", "西北", "shaanxi gansu qinghai ningxia xinjiang"),
}
REGION_OF = {place: region for region, (_, _, places) in REGIONS.items() for place in places.split()}
HELD = ("mask_medical", "mask_surgical", "mask_n95", "suit", "gown", "goggles", "ventilator", "test_kit")
"""Finished goods of the case."""
MATERIALS = ("mask_surgical_raw", "suit_raw", "meltblown", "coated_fabric")
"""What they are made of, as far as it runs short in the larger case; all else is taken to be there."""
KINDS = {
    "mask": 2.0, "mask_fast": 0.0, "n95": 3.0, "suit": 0.8, "gown": 0.3, "goggles": 0.5, "kit": 3.0, "ventilator": 2.0,
    "eo": 3.0, "irradiator": 10.0, "meltblown": 8.0, "laminating": 2.0, "nappy": 0.0,
}  # fmt: skip
"""Kinds of line, and the price of one in millions; 0: none is kept ready."""
STANDBY = ("mask", "n95", "suit", "meltblown", "eo")
KEEPING = 0.08
"""Store rent, interest and care, as share of the value a year."""
STANDBY_RATE = 0.25
"""Interest, space, trained crew and tests of a standby line, as share of its price a year."""
START = date(2020, 1, 24)
HORIZON = "1x1 1x6 5x7"
WEEKS = tuple(START + timedelta(days=day) for day in (0, 1, 7, 14, 21, 28, 35))
LENGTHS = (1, 6, 7, 7, 7, 7, 7)
NUM_FUTURES = 12
ESTIMATE = "estimate: see README.md"


def regions_case(larger: Case) -> Case:
    """The case without futures."""
    items = larger["items"].filter(pl.col("item").is_in([*HELD, *MATERIALS]))
    places = larger["places"]
    people = (
        _by_region(places, "place")
        .group_by("region")
        .agg(pl.col("population").sum(), pl.col("lat").first(), pl.col("lon").first())
    )
    lines = (
        _by_region(larger["lines"].filter(pl.col("kind").is_in(list(KINDS))), "place")
        .group_by("region", "kind")
        .agg(pl.col("quantity").sum())
        .sort("region", "kind")
    )
    processes = larger["processes"].filter(
        pl.col("item").is_in([*HELD, *MATERIALS]) & pl.col("line_kind").is_in(list(KINDS))
    )
    tables: dict[str, Any] = {
        "items": items,
        "places": [
            {"place": region, "name": en, "name_zh": zh, "kind": "area", "lat": row["lat"], "lon": row["lon"],
             "population": row["population"], "source": "sum of its provinces in hubei-2020"}
            for region, (en, zh, _) in REGIONS.items()
            for row in people.filter(region=region).iter_rows(named=True)
        ],
        "enterprises": [
            {"enterprise": f"{region}_makers", "name": f"Makers of the {en}", "name_zh": f"{zh}制造企业",
             "place": region, "source": "aggregate"}
            for region, (en, zh, _) in REGIONS.items()
        ],
        "lines": [
            {"line": f"{region}-{kind}", "enterprise": f"{region}_makers", "place": region, "kind": kind,
             "quantity": float(quantity), "source": "sum of its provinces in hubei-2020"}
            for region, kind, quantity in lines.iter_rows()
        ],
        "processes": processes.with_columns(licence=False),
        "recipes": larger["recipes"].filter(
            pl.col("process").is_in(processes["process"].implode()) & pl.col("item").is_in(MATERIALS)
        ),
        "conversions": larger["conversions"].filter(pl.col("conversion") == "nappy_to_mask").with_columns(budget=None),
        "stocks": _by_region(larger["stocks"].filter(pl.col("item").is_in([*HELD, *MATERIALS])), "place")
        .group_by("region", "item", "owner").agg(pl.col("quantity").sum())
        .sort("region", "item", "owner")
        .select(place="region", item="item", owner="owner", quantity="quantity",
                source=pl.lit("sum of its provinces in hubei-2020")),
        "lanes": list(_lanes(people)),
        "imports": list(_imports(larger)),
        "options": list(_options(items, lines)),
    }  # fmt: skip
    frames = {name: value if isinstance(value, pl.DataFrame) else pl.DataFrame(value) for name, value in tables.items()}
    return make_case(
        START,
        frames,
        title="Seven regions: what should stand ready",
        title_zh="七大区：平时应备什么",
        horizon=HORIZON,
        scenario="future01",
    )


def _by_region(frame: pl.DataFrame, column: str) -> pl.DataFrame:
    return frame.with_columns(region=pl.col(column).replace_strict(REGION_OF, return_dtype=pl.String))


def _lanes(people: pl.DataFrame) -> Any:
    """One road between every two regions: great circle x 1.3, 700 km a day."""
    where = {row["region"]: (row["lat"], row["lon"]) for row in people.iter_rows(named=True)}
    for origin in REGIONS:
        for destination in REGIONS:
            if origin == destination:
                continue
            (lat, lon), (other_lat, other_lon) = np.radians(where[origin]), np.radians(where[destination])
            arc = np.sin(lat) * np.sin(other_lat) + np.cos(lat) * np.cos(other_lat) * np.cos(lon - other_lon)
            far = 1.3 * 6371 * float(np.arccos(np.clip(arc, -1, 1)))
            yield {
                "lane": f"{origin}-{destination}", "origin": origin, "destination": destination, "mode": "road",
                "transit_days": max(1, round(far / 700)), "capacity_unit": "kg", "unit_cost": round(0.001 * far, 3),
                "source": "great circle x 1.3 over 700 km a day; cost: estimate",
            }  # fmt: skip


def _imports(larger: Case) -> Any:
    """What can be ordered abroad on an ordinary day: the offers of the first week of the larger case."""
    first = larger["imports"].filter(
        pl.col("item").is_in(HELD) & ((pl.col("from") <= START) | pl.col("from").is_null())
    )
    for row in first.iter_rows(named=True):
        yield {
            "source": row["source"].removesuffix("_a"), "item": row["item"], "port": REGION_OF[row["port"]],
            "quantity_per_day": row["quantity_per_day"], "lead_days": row["lead_days"],
            "customs_days": row["customs_days"], "unit_cost": row["unit_cost"], "reference": row["reference"],
        }  # fmt: skip


def _options(items: pl.DataFrame, lines: pl.DataFrame) -> Any:
    """Stores of every good in every region, materials, standby lines, trained conversions and larger offers."""
    known = {row["item"]: row for row in items.iter_rows(named=True)}
    for region in REGIONS:
        for item in (*HELD[1:], "suit_raw", "meltblown"):
            row = known[item]
            life = (row["shelf_life_days"] or 3650) / 365
            value = row["unit_value"]
            yield {
                "option": f"store-{item}-{region}", "form": "store" if item in HELD else "raw", "item": item,
                "place": region, "most": float(f"{3e8 / value:.2g}"), "is_whole": False,
                "cost_a_year": round(value * (1 / life + KEEPING), 6), "lead_days": 0, "source": ESTIMATE,
            }  # fmt: skip
    for region, kind, quantity in lines.iter_rows():
        if kind in STANDBY and quantity >= 1:
            yield {
                "option": f"line-{kind}-{region}", "form": "line", "line": f"{region}-{kind}",
                "most": float(np.ceil(quantity)), "is_whole": True,
                "cost_a_year": round(KINDS[kind] * 1e6 * STANDBY_RATE), "cost_to_use": 0.0, "lead_days": 5,
                "source": ESTIMATE,
            }  # fmt: skip
        if kind == "nappy" and quantity >= 1:
            yield {
                "option": f"pair-nappy-{region}", "form": "pair", "line": f"{region}-nappy",
                "conversion": "nappy_to_mask", "most": float(np.floor(quantity)), "is_whole": True,
                "cost_a_year": 150_000.0, "cost_to_use": 3e6, "lead_days": 4, "source": ESTIMATE,
            }  # fmt: skip
    for offer, most, cost in (("n95_america", 100_000.0, 40.0), ("suits_korea", 20_000.0, 300.0)):
        yield {
            "option": f"contract-{offer}", "form": "contract", "offer": offer, "most": most, "is_whole": False,
            "cost_a_year": cost, "lead_days": 2, "source": ESTIMATE,
        }  # fmt: skip


def draw_futures(larger: Case, number: int, seed: int) -> list[Future]:
    """Synthetic futures: an outbreak begins in a region, at a strength and spread that are drawn; some lose supply too.

    In the region where it begins, people use per head what Hubei used in 2020, times the strength, a share of it
    being hit; elsewhere what the other provinces used, times the spread.
    """
    random = np.random.default_rng(seed)
    needs = _by_region(
        larger["needs"].filter((pl.col("scenario") == "observed") & pl.col("item").is_in(HELD)), "place"
    ).filter(
        pl.col("tier") == pl.when(pl.col("item") == "mask_medical").then(pl.lit("essential")).otherwise(pl.lit("vital"))
    )
    people = dict(larger["places"].select("place", "population").iter_rows())
    of_region = {region: sum(people[p] or 0 for p in places.split()) for region, (_, _, places) in REGIONS.items()}
    hit = _per_head(needs.filter(place="hubei"), people["hubei"])
    calm = _per_head(needs.filter(pl.col("place") != "hubei"), sum(of_region.values()) - people["hubei"])
    return [_draw(f"future{n + 1:02d}", 1 / number, random, hit, calm, of_region) for n in range(number)]


def _per_head(needs: pl.DataFrame, people: float) -> dict[str, np.ndarray]:
    """What is used in each week, per head."""
    week = sum(((pl.col("date") >= day).cast(pl.Int64) for day in WEEKS[1:]), pl.lit(0))
    inside = needs.filter(pl.col("date") < START + timedelta(days=sum(LENGTHS)))
    sums = inside.group_by("item", week=week).agg(pl.col("quantity").sum())
    found = {item: np.zeros(len(WEEKS)) for item in HELD}
    for item, number, quantity in sums.iter_rows():
        found[item][number] = quantity / people
    return found


def _draw(
    name: str,
    weight: float,
    random: np.random.Generator,
    hit: dict[str, np.ndarray],
    calm: dict[str, np.ndarray],
    people: dict[str, float],
) -> Future:
    regions = list(REGIONS)
    share = np.array([people[region] for region in regions]) / sum(people.values())
    origin = regions[random.choice(len(regions), p=share)]
    strength = float(np.exp(random.normal(0.0, 0.6)))
    reach = float(np.clip(random.beta(2, 6), 0.05, 0.8))
    spread = float(np.exp(random.normal(-0.3, 0.5)))
    rows = []
    for region in regions:
        part = reach if region == origin else 0.0
        for item in HELD:
            use = people[region] * (part * strength * hit[item] + (1 - part) * spread * calm[item])
            rows += [
                {"item": item, "place": region, "tier": "essential" if item == "mask_medical" else "vital", "date": day,
                 "quantity": float(f"{quantity:.4g}"), "patience_days": 0}
                for day, quantity in zip(WEEKS, use, strict=True)
                if quantity > 0
            ]  # fmt: skip
    losses = []
    if random.random() < 0.4:
        losses.append(Disruption((Target("region", origin),), float(random.integers(7, 29)), 0.5, 0, 7.0))
    if random.random() < 0.3:
        losses.append(Disruption((Target("source", "n95_america"), Target("source", "suits_korea")), 35.0))
    return Future(name, weight, pl.DataFrame(rows), tuple(losses))


def with_futures(case: Case, futures: list[Future]) -> Case:
    """The case with the futures as tables."""
    needs = pl.concat([each.needs.with_columns(scenario=pl.lit(each.name)) for each in futures])
    losses = [
        {"future": each.name, "kind": target.kind, "name": target.name, "share": lost.share, "days": lost.days,
         "first_day": lost.first_day, "ramp": lost.ramp}
        for each in futures
        for lost in each.disruptions
        for target in lost.targets
    ]  # fmt: skip
    weights = [round(each.weight, 9) for each in futures]
    weights[-1] = round(1 - sum(weights[:-1]), 9)
    return case.replace(
        needs=needs,
        futures=pl.DataFrame({"future": [each.name for each in futures], "weight": weights, "source": "synthetic"}),
        future_losses=pl.DataFrame(losses),
    )


def main() -> None:
    """Write the case."""
    larger = read(HERE / "hubei-2020")
    case = with_futures(regions_case(larger), draw_futures(larger, NUM_FUTURES, seed=7))
    print(*case.check(), sep="\n")
    write(case, HERE / "regions-7")


if __name__ == "__main__":
    main()
