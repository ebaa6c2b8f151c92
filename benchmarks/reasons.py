"""Every reason of the bundled case tried: what a price promised against what solving again found.

With ``--keep`` it writes ``docs/studies/reasons.md`` and ``reasons.csv`` beside it. Without ``--plan DIR`` the case is
planned first, which takes longer than the rest.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path
from typing import Any

import polars as pl
from benchmarks.measure import arguments, conclude, spent

import mainstay
from mainstay.plan import make_plan, read_plan
from mainstay.plan.why import Explainer
from mainstay.tables.columns import TIERS

STUDY = Path(__file__).parents[1] / "docs" / "studies"
LISTED = 12
"""Reasons that do not hold which the page lists; the table beside it has all."""


def main() -> None:
    """Try every reason, write the study, print the figures."""
    parser = arguments(__doc__)
    parser.add_argument("--plan", type=Path, help="folder of a plan that `mainstay plan` wrote for the case")
    parser.add_argument("--case", default="hubei-2020", help="bundled case")
    parser.add_argument("--tier", choices=TIERS, action="append", help="only this tier; may be given again")
    given = parser.parse_args()
    case = mainstay.read(mainstay.examples.path(given.case))
    with tempfile.TemporaryDirectory() as folder:
        plan = read_plan(given.plan or make_plan(case).write(folder, report=False), case)
    explainer = Explainer(plan)
    reasons = plan.tables["reasons"]
    tried, seconds = [], {}
    for tier in given.tier or TIERS:
        mine = reasons.filter(tier=tier)
        with spent() as time:
            tried.append(explainer.tried(mine, tell=lambda n, of, tier=tier: _tell(tier, n, of)))
        seconds[tier] = round(time.cpu, 1)
    found = pl.concat(tried)
    figures = _figures(found, seconds)
    if given.keep:
        found.drop("chain", "text", "text_zh").write_csv(STUDY / "reasons.csv", float_precision=6)
        (STUDY / "reasons.md").write_text(_page(found, figures, case.title), encoding="utf-8")
    conclude("reasons", figures, keep=given.keep)


def _tell(tier: str, number: int, of: int) -> None:
    if number % 25 == 0 or number == of:
        print(f"{tier}: {number} of {of}", file=sys.stderr, flush=True)


def _figures(found: pl.DataFrame, seconds: dict[str, float]) -> dict[str, Any]:
    """How many reasons there are and hold, by tier and by kind, and what it took."""
    return {
        "reasons": found.height,
        "hold": int(found["holds"].sum()),
        "by_tier": _counts(found, "tier"),
        "by_kind": _counts(found, "what"),
        "cpu_seconds": seconds,
        "largest_error_of_those_that_hold": _largest(found.filter("holds")),
    }


def _counts(found: pl.DataFrame, column: str) -> dict[str, dict[str, int]]:
    rows = found.group_by(column, maintain_order=True).agg(reasons=pl.len(), hold=pl.col("holds").sum())
    return {name: {"reasons": reasons, "hold": hold} for name, reasons, hold in rows.sort(column).iter_rows()}


def _largest(found: pl.DataFrame) -> float:
    """Largest share by which what was found differs from what was promised."""
    error = (found["found"] - found["promised"]).abs() / found["promised"].abs().clip(1e-9)
    return float(error.filter(found["promised"] > 1e-9).max() or 0.0)  # type: ignore[arg-type]


def _page(found: pl.DataFrame, figures: dict[str, Any], title: str) -> str:
    """The study as Markdown."""
    tiers = ", ".join(tier for tier in TIERS if tier in figures["by_tier"])
    share = figures["hold"] / max(figures["reasons"], 1)
    total = sum(figures["cpu_seconds"].values())
    rows = [
        [item, place, tier, what, resource or "", f"{promised:.4g}", f"{got:.4g}"]
        for item, place, tier, what, resource, promised, got in found.filter(~pl.col("holds"))
        .sort("lost", descending=True)
        .head(LISTED)
        .select("item", "place", "tier", "what", "resource", "promised", "found")
        .iter_rows()
    ]
    parts = [
        "# Study: reasons, promised against found\n",
        "*Does one more unit of what binds bring what its price promises?*\n",
        f"Every reason of {tiers} needs in the plan of *{title}* was tried: the stage of the shortage was solved "
        "again with a little more of what binds, the whole numbers and all that earlier stages won being held "
        "([how](../explain.md)). A promise holds when what was found differs by no more than 1 % of it. "
        "`python -m benchmarks.reasons` makes all figures here (`benchmarks/figures/reasons.json`); "
        "[reasons.csv](reasons.csv) has every reason.\n",
        "## Result\n",
        f"**{figures['hold']:,} of {figures['reasons']:,} reasons hold ({share:.1%}).** Those that do not are "
        "marked in the plan, and only what was found is told of them. Of those that hold, the largest error is "
        f"{figures['largest_error_of_those_that_hold']:.1e}. It took {total:,.0f} CPU-seconds, "
        f"{total / max(figures['reasons'], 1):.2f} for each reason.\n",
        _counted("tier", figures["by_tier"]),
        _counted("what binds", figures["by_kind"]),
        "## Where prices mislead\n",
        "Where two things bind at once, several prices are right, and the solver gives one of them. Where time binds, "
        "the price is that of a unit on that day at that place, and how it is shared between what is lost and what a "
        "place is behind is not unique either.\n",
        _misled(rows),
        "## What it does not say\n",
        "- Each thing was tried alone. Two that bind together bring something only together.\n"
        "- Effects are those of the stage of the shortage. What one more unit does for fairness, or for a lower tier, "
        "is not counted.\n"
        "- Whole numbers are held: a lever that lets another conversion start is tried on its own "
        "(`mainstay explain`), not here.\n",
    ]
    return "\n".join(parts)


def _misled(rows: list[list[str]]) -> str:
    if not rows:
        return "In this plan no promise failed.\n"
    told = "The largest shortages whose promise failed, in units of the item for one more unit of what binds:\n\n"
    return told + _grid(["item", "place", "tier", "what binds", "resource", "promised", "found"], rows)


def _counted(name: str, counts: dict[str, dict[str, int]]) -> str:
    rows = [[key, f"{of:,}", f"{hold:,}", f"{hold / of:.1%}"] for key, (of, hold) in _pairs(counts).items()]
    return _grid([name, "reasons", "hold", "share"], rows)


def _pairs(counts: dict[str, dict[str, int]]) -> dict[str, tuple[int, int]]:
    return {key: (count["reasons"], count["hold"]) for key, count in counts.items()}


def _grid(head: list[str], rows: list[list[str]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "".join("| " + " | ".join(line) + " |\n" for line in lines)


if __name__ == "__main__":
    main()
