"""A chain that can be worked on paper: masks of two makers, both of cloth, which is made of resin."""

from __future__ import annotations

from datetime import date

import polars as pl

from mainstay.chain import Chain, analyse
from mainstay.network import compile
from mainstay.tables import Case, make_case

START = date(2020, 2, 1)


def mask_case(
    masks: dict[str, float] | None = None,
    cloth: dict[str, float] | None = None,
    resin: dict[str, float] | None = None,
    *,
    need: float = 100,
    stock: dict[str, float] | None = None,
    owners: dict[str, str] | None = None,
    dwell: dict[str, int] | None = None,
) -> Case:
    """Makers of masks, cloth and resin by what each can make a day; all at one place, east, but those of "west...".

    A mask takes one of cloth, cloth one of resin. ``dwell`` : days that each item takes to be made.
    """
    makers = [
        (item, name, rate)
        for item, given in (
            ("mask", masks or {"anna": 50, "bert": 50}),
            ("cloth", cloth or {"carl": 100}),
            ("resin", resin or {"rosa": 100}),
        )
        for name, rate in given.items()
    ]
    items, names, rates = zip(*makers, strict=True)
    homes = ["west" if name.startswith("west") else "east" for name in names]
    days = dwell or {}
    return make_case(
        START,
        {
            "items": pl.DataFrame(
                {
                    "item": ["mask", "cloth", "resin"],
                    "name": ["Mask", "Cloth", "Resin"],
                    "name_zh": ["口罩", "滤布", "树脂"],
                    "family": ["ppe", "cloth", "resin"],
                    "stage": ["finished", "intermediate", "raw"],
                    "unit": ["piece"] * 3,
                    "importance": ["vital", None, None],
                }
            ),
            "places": pl.DataFrame(
                {
                    "place": ["east", "west"],
                    "name": ["East", "West"],
                    "kind": ["area"] * 2,
                    "lat": [30.0, 30.0],
                    "lon": [120.0, 114.0],
                }
            ),
            "enterprises": pl.DataFrame(
                {
                    "enterprise": names,
                    "name": [n.title() for n in names],
                    "place": homes,
                    "owner": [(owners or {}).get(n) for n in names],
                }
            ).unique("enterprise", maintain_order=True),
            "lines": pl.DataFrame(
                {
                    "line": [f"{name}-{item}" for item, name, _ in makers],
                    "enterprise": names,
                    "place": homes,
                    "kind": [f"{item}-{rate:g}" for item, _, rate in makers],
                    "quantity": [1.0] * len(makers),
                }
            ),
            "processes": pl.DataFrame(
                {
                    "process": [f"make_{item}_{rate:g}" for item, _, rate in makers],
                    "item": items,
                    "line_kind": [f"{item}-{rate:g}" for item, _, rate in makers],
                    "rate_per_day": [float(rate) for rate in rates],
                    "dwell_days": [days.get(item, 0) for item in items],
                }
            ).unique("process", maintain_order=True),
            "recipes": pl.DataFrame(
                [
                    (f"make_{item}_{rate:g}", {"mask": "cloth", "cloth": "resin"}[item], 1.0)
                    for item, _, rate in makers
                    if item != "resin"
                ],
                schema=["process", "item", "quantity"],
                orient="row",
            ).unique(maintain_order=True),
            "lanes": pl.DataFrame(
                {
                    "lane": ["there", "back"],
                    "origin": ["east", "west"],
                    "destination": ["west", "east"],
                    "mode": ["road"] * 2,
                    "transit_days": [1, 1],
                }
            ),
            "stocks": pl.DataFrame(
                {
                    "place": ["east"] * len(stock or {}),
                    "item": list(stock or {}),
                    "lot": [f"lot-{item}" for item in stock or {}],
                    "quantity": list((stock or {}).values()),
                },
                schema={"place": pl.String, "item": pl.String, "lot": pl.String, "quantity": pl.Float64},
            ),
            "needs": pl.DataFrame(
                {
                    "scenario": ["base"] * 30,
                    "item": ["mask"] * 30,
                    "place": ["east"] * 30,
                    "tier": ["vital"] * 30,
                    "date": pl.date_range(START, date(2020, 3, 1), eager=True),
                    "quantity": [float(need)] * 30,
                }
            ),
        },
        title="Masks",
        horizon="30x1",
    )


def chain_of(case: Case) -> Chain:
    """The chain of a case that has no errors."""
    assert not case.check().errors
    return analyse(case, compile(case))


def share(chain: Chain, agent: str, column: str = "share") -> float:
    """How much of the masks rests on an agent, or is lost without it."""
    found = chain.tables["reliance"].filter(item="mask", agent=agent)[column]
    return round(found[0], 9) if len(found) else 0.0


def index(chain: Chain, item: str, source: str | None = None, level: str = "enterprise") -> float:
    """The Herfindahl-Hirschman index of an item, or of an input that it rests on."""
    rows = chain.tables["concentration"].filter(
        pl.col("item") == item, pl.col("level") == level, pl.col("input").eq_missing(source)
    )
    return round(rows["hhi"][0], 6)
