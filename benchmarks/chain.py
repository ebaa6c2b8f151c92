"""A chain of 2,000 nodes: analysed, placed, written as a page, and drawn in a browser.

Items in five stages, each made of some of the stage before, by several makers. Wanted: drawn in under 2 s, a page under
5 MB. Synthetic, seeded.
"""

from __future__ import annotations

import shutil
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
import polars as pl
from benchmarks.measure import arguments, conclude, spent

from mainstay.chain import analyse
from mainstay.network import compile as compile_case
from mainstay.report import write_chain_page
from mainstay.tables import Case, make_case

STAGES = ("raw", "intermediate", "intermediate", "intermediate", "finished")
FAMILIES = 4
AREAS = 31
MARKS = 2_000
WANTED_SECONDS, WANTED_MB = 2.0, 5.0


def chain_case(marks: int, seed: int = 2020) -> Case:
    """A case whose chain has about as many nodes: four fifths makers, the rest needs, offers and items."""
    random = np.random.default_rng(seed)
    items = max(5, marks // 40)
    stage = np.sort(np.arange(items) * len(STAGES) // items)
    names = [f"item_{number:03}" for number in range(items)]
    finished = [names[i] for i in range(items) if stage[i] == len(STAGES) - 1]
    areas = [f"area_{number:02}" for number in range(AREAS)]
    makers = [(names[i], maker) for i in range(items) for maker in range(max(1, round(marks * 0.82 / items)))]
    where = random.integers(0, AREAS, len(makers))
    needs = [(item, area) for item in finished for area in areas][: int(marks * 0.35)]
    tables = _tables(random, names, stage, areas, makers, where, needs)
    return make_case(date(2020, 2, 1), tables, title=f"Synthetic chain of about {marks:,} nodes", horizon="7x1")


def _tables(
    random: np.random.Generator,
    names: list[str],
    stage: np.ndarray,
    areas: list[str],
    makers: list[tuple[str, int]],
    where: np.ndarray,
    needs: list[tuple[str, str]],
) -> dict[str, pl.DataFrame]:
    makes = [f"{item}_maker_{number:02}" for item, number in makers]
    homes = [areas[place] for place in where]
    ring = [(areas[n], areas[(n + step) % AREAS]) for n in range(AREAS) for step in (1, AREAS - 1)]
    return {
        "items": pl.DataFrame(
            {
                "item": names,
                "name": [name.replace("_", " ").capitalize() for name in names],
                "class": ["goods"] * len(names),
                "family": [f"family_{s}_{n % FAMILIES}" for n, s in enumerate(stage)],
                "stage": [STAGES[s] for s in stage],
                "unit": ["piece"] * len(names),
                "importance": ["vital"] * len(names),
            }
        ),
        "places": pl.DataFrame(
            {
                "place": areas,
                "name": [area.replace("_", " ").capitalize() for area in areas],
                "kind": ["area"] * AREAS,
                "lat": random.uniform(20, 50, AREAS),
                "lon": random.uniform(80, 130, AREAS),
            }
        ),
        "enterprises": pl.DataFrame(
            {"enterprise": makes, "name": [name.replace("_", " ").capitalize() for name in makes], "place": homes}
        ),
        "lines": pl.DataFrame(
            {
                "line": [f"line_{name}" for name in makes],
                "enterprise": makes,
                "place": homes,
                "kind": [f"kind_{item}" for item, _ in makers],
                "quantity": random.integers(1, 6, len(makers)).astype(float),
            }
        ),
        "processes": pl.DataFrame(
            {
                "process": [f"make_{name}" for name in names],
                "item": names,
                "line_kind": [f"kind_{name}" for name in names],
                "rate_per_day": random.uniform(50, 150, len(names)),
            }
        ),
        "recipes": _recipes(random, names, stage),
        "lanes": pl.DataFrame(
            {
                "lane": [f"{start}-{end}" for start, end in ring],
                "origin": [start for start, _ in ring],
                "destination": [end for _, end in ring],
                "mode": ["road"] * len(ring),
                "transit_days": [0] * len(ring),
            }
        ),
        "needs": pl.DataFrame(
            {
                "scenario": ["base"] * len(needs),
                "item": [item for item, _ in needs],
                "place": [area for _, area in needs],
                "tier": ["vital"] * len(needs),
                "date": [date(2020, 2, 7)] * len(needs),
                "quantity": random.uniform(10, 200, len(needs)),
            }
        ),
    }


def _recipes(random: np.random.Generator, names: list[str], stage: np.ndarray) -> pl.DataFrame:
    """Each item takes one to three of the stage before; each of these goes somewhere."""
    rows = set()
    for number, step in enumerate(stage):
        before = np.flatnonzero(stage == step - 1)
        if len(before):
            rows |= {(number, int(i)) for i in random.choice(before, min(len(before), random.integers(1, 4)), False)}
        after = np.flatnonzero(stage == step + 1)
        if len(after) and not any(i == number for _, i in rows):
            rows.add((int(random.choice(after)), number))
    ordered = sorted(rows)
    return pl.DataFrame(
        {
            "process": [f"make_{names[made]}" for made, _ in ordered],
            "item": [names[taken] for _, taken in ordered],
            "quantity": random.uniform(0.2, 2, len(ordered)),
        }
    )


def drawn(page: Path) -> dict[str, Any]:
    """Seconds from opening the page until the map stands, and of drawing it once more."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=shutil.which("chromium") or shutil.which("chromium-browser"), args=["--no-sandbox"]
        )
        opened = browser.new_page(viewport={"width": 1280, "height": 900})
        with spent() as opening:
            opened.goto(page.as_uri())
            opened.wait_for_function("mapLabels.length > 0")
        again = opened.evaluate(
            "(() => { const start = performance.now(); drawMap(); return performance.now() - start; })()"
        )
        browser.close()
    return {"open_seconds": opening.wall, "redraw_ms": again}


def main() -> None:
    options = arguments(__doc__).parse_args()
    case = chain_case(MARKS)
    network = compile_case(case)
    with spent() as analysing:
        chain = analyse(case, network)
    with TemporaryDirectory() as folder:
        with spent() as writing:
            page = write_chain_page(chain, Path(folder) / "chain.html")
        size = page.stat().st_size / 1e6
        seen = drawn(page)
    figures = {
        "nodes": chain.nodes.height,
        "edges": chain.edges.height,
        "wanted_seconds": WANTED_SECONDS,
        "wanted_mb": WANTED_MB,
        "page_mb": size,
        **seen,
        "analyse_cpu": analysing.cpu,
        "page_cpu": writing.cpu,
    }
    conclude("chain", figures, keep=options.keep)


if __name__ == "__main__":
    main()
