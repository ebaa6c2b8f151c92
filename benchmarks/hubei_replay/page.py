"""The study as Markdown, from its figures."""

from __future__ import annotations

import json
from pathlib import Path

from benchmarks.hubei_replay.more_page import most_gained, paths_and_late, tried
from benchmarks.hubei_replay.text import Row, amount, grid, share
from benchmarks.measure import FIGURES

STUDY = Path(__file__).parents[2] / "docs" / "studies"

NAMES = {
    "rolling": "rolling plan, every 3 days",
    "weekly": "rolling plan, every 7 days",
    "proportional": "in proportion to need",
    "projected": "in proportion to projected need",
    "cover": "equal days of cover",
    "first-come": "first come, first served",
    "population": "by population",
    "foresight": "plan with perfect foresight",
}
LEFT_OUT = {
    "fast-track": "fast-track licences",
    "conversion": "conversion of lines",
    "quick-release": "irradiation",
    "express-customs": "express customs",
    "sparing-use": "more sparing use",
    "support": "support measures",
    "sharing": "sharing of finished goods between provinces",
}


def write_page() -> None:
    """Write the study anew from the figures that are kept."""
    figures, more = (
        json.loads((FIGURES / f"{name}.json").read_text(encoding="utf-8"))
        for name in ("hubei_replay", "hubei_replay_more")
    )
    (STUDY / "hubei-replay.md").write_text(page(figures, more), encoding="utf-8")


def page(figures: Row, more: Row) -> str:
    """The whole study."""
    return "\n".join(
        [
            _head(figures),
            f"- **What bound, tried on each morning of decisions (number of mornings):** {most_gained(more)}.\n",
            "## Output, day by day\n",
            _output(figures),
            "## What bound\n",
            _bound(figures),
            tried(more),
            "## The policies\n",
            _policies(figures),
            paths_and_late(figures, more),
            "## What each measure was worth\n",
            _worth(figures),
            "## Where model and history differ\n",
            _differ(figures),
            "## How it was run\n",
            _run(figures),
        ]
    )


def _of(figures: Row, policy: str) -> Row:
    found: Row = next(row for row in figures["policies"] if row["policy"] == policy)
    return found


def _head(figures: Row) -> str:
    rolling, rule = _of(figures, "rolling"), min((_of(figures, name) for name in RULES), key=lambda row: row["loss"])
    most, least = figures["worth"][0], figures["least"]
    sparing = next(row for row in figures["worth"] if row["measure"] == "sparing-use")
    later = [row for row in figures["compared"] if row["what"] == "masks"][-1]
    return (
        "# Study: Hubei 2020, lived through day by day\n\n"
        "*What was within reach from 24 January to 13 February 2020, what stood in the way, and would a simple rule "
        "have done as well?*\n\n"
        "The [case of 31 provinces](../../examples/hubei-2020/README.md) is lived through for "
        f"{figures['days']} days ([how](../replay.md)). On each morning of decisions a policy sees what was known "
        "then: the bulletins of the day before, the lines at work, the offers and rules announced by that day. It "
        "projects the needs from those counts and decides; then what really came has to be served. `python -m "
        "benchmarks.hubei_replay` makes all figures here (`benchmarks/figures/hubei_replay.json`, "
        "[hubei-replay.csv](hubei-replay.csv)). Published figures are from `examples/hubei-2020-facts/anchors.csv`, "
        "each with its source and the day on which it was known.\n\n"
        "## In short\n\n"
        f"- **The rolling plan met {share(rolling['vital'])} of the vital and {share(rolling['essential'])} of the "
        f"essential needs; the best rule of thumb, {NAMES[rule['policy']]}, {share(rule['vital'])} and "
        f"{share(rule['essential'])}**, on the same path. It lost {rolling['loss']:.3f} against {rule['loss']:.3f}; "
        f"nobody who knew all could lose less than {least:.3f}. Needs taken off by more sparing use count as met.\n"
        "- **Not all of that distance is better sharing.** Rules of thumb know no sparing use, express customs or "
        f"charters. The plan of once a week without sparing use still met {share(sparing['vital'])} and "
        f"{share(sparing['essential'])}, and lost {sparing['loss']:.3f}.\n"
        f"- **Most worth of all measures: {LEFT_OUT[most['measure']]}.** Without it the plan of once a week loses "
        f"{most['worth']:.3f} more.\n"
        f"- **The model reaches more than history did**: {later['rolling'] / 1e6:.1f} million masks on "
        f"{later['date']}, where about {later['published'] / 1e6:.1f} million were published. It licenses, converts "
        "and supports from the first day on, as nobody could in 2020 who had to invent these means first, and it lets "
        "all lines of a kind come back alike. Read the distance as an upper bound of what standing arrangements are "
        "worth, not as a reproach."
    )


def _output(figures: Row) -> str:
    rows = [
        [
            row["what"],
            row["date"],
            amount(row["published"]),
            amount(row["plain"]),
            f"{row['plain'] / row['published']:.2f}",
            amount(row["rolling"]),
            f"{row['rolling'] / row['published']:.2f}",
        ]
        for row in figures["compared"]
    ]
    means = figures["means"]
    return (
        "![Masks made each day](img/hubei-replay-masks.svg)\n\n![N95 made each day](img/hubei-replay-n95.svg)\n\n"
        "![Suits sewn each day](img/hubei-replay-suits.svg)\n\n"
        "Curves: what was made, given who was back at work on each day. Dots: output as published (of 22 provinces "
        "where no figure of the whole country was). *No new means*: the plan without fast-track licences, conversions "
        "and support measures, so the lines of before as they came back; what a line makes is decided at each plan, so "
        "a rise of the share at work is used up to two days later. Suits are counted when sewn; sterilised with "
        "ethylene oxide they are ready 7 or 10 days later.\n\n"
        + grid(["", "day", "published", "no new means", "ratio", "rolling plan", "ratio"], rows)
        + "\nThe share of lines at work is set from the same reports, so *no new means* against the dots tells whether "
        "the case was built as it says, and is no test of the method. What lies between the two curves is the "
        f"policy's. In three weeks the plan granted {means['license']['number']:.0f} licences by the fast track "
        f"({means['license']['early']:.0f} in the first week), converted or set up {means['convert']['number']:.0f} "
        f"lines ({means['convert']['early']:.0f}), and took {means['measure']['number']:.0f} support measures "
        f"({means['measure']['early']:.0f}).\n"
    )


def _bound(figures: Row) -> str:
    rows = [[row["kind"], *(share(value) for value in row["used"])] for row in figures["used"]]
    full = {week: [row["kind"] for row in figures["used"] if (row["used"][week] or 0.0) > FULL] for week in range(3)}
    cuts = [[row["short_of"], f"{row['cuts']:,}"] for row in figures["short_of"]]
    return (
        "Line-days used of those that were usable, by the rolling plan, in each week:\n\n"
        + grid(["lines", *WEEKS], rows)
        + "\nAt their limit (over "
        + f"{FULL:.0%}): "
        + "; ".join(f"{WEEKS[week]} {', '.join(kinds) or 'none'}" for week, kinds in full.items())
        + ". Lines stand idle beside a shortage where something before or behind them binds, where their maker has no "
        "licence yet, or where goods would come too late.\n\n"
        "What the decisions of the rolling plan ran into when they were cut by more than 1 %, because less was there "
        "than had been foreseen:\n\n" + grid(["short of", "decisions cut"], cuts)
    )


FULL = 0.95
"""Share of the usable line-days from which lines count as running at their limit."""

WEEKS = ("24-30 Jan", "31 Jan - 6 Feb", "7-13 Feb")
RULES = ("proportional", "projected", "cover", "first-come", "population")


def _policies(figures: Row) -> str:
    rows = [
        [
            NAMES[row["policy"]],
            share(row["vital"]),
            share(row["essential"]),
            f"{row['loss']:.3f}",
            f"{row['loss'] - figures['least']:.3f}",
            f"{row['lost_masks'] / 1e6:,.1f}",
            f"{row['lost_n95'] / 1e6:,.2f}",
            f"{row['lost_suits'] / 1e6:,.2f}",
            f"{row['cost'] / 1e6:,.0f}",
            f"{row['waste'] / 1e6:,.2f}",
            f"{row['noted']:,}",
        ]
        for row in figures["policies"]
    ]
    rolling = _of(figures, "rolling")
    both = rolling["changed"] + rolling["kept"]
    return (
        "The same path for all. Lost: shares of need, weighted by tier (1: all vital need of one item). Regret: what "
        f"was lost beyond the {figures['least']:.3f} that no one could avoid who knew everything beforehand, whole "
        "numbers let go. Cut: decisions carried out by more than 1 % less than decided; rules of thumb look at what "
        "there is and have none.\n\n"
        + grid(
            [
                "policy",
                "vital met",
                "essential met",
                "lost",
                "regret",
                "masks lost, million",
                "N95 lost, million",
                "suits lost, million",
                "cost, CNY million",
                "waste, CNY million",
                "cut",
            ],
            rows,
        )
        + "\n![Need lost each day](img/hubei-replay-lost.svg)\n\n"
        "The plan with foresight makes one plan of all the days and keeps to it; it too seeks fairness first and the "
        "least loss after that, so it does not quite reach the bound. Its world ends "
        "on 13 February: what could not be ready by then it does not begin, which lowers its cost. Rules of thumb "
        "decide only who gets what there is; they run every line, license, convert and help as much as they can, at "
        "any price, and spend more for less. They know neither the good that is short in the chain nor the day on "
        "which stock will be missed.\n\n"
        f"**Stability.** Of {both:,} decisions that two consecutive plans of the rolling policy both speak of inside "
        f"the frozen days, {rolling['changed']:,} ({rolling['changed'] / max(both, 1):.0%}) changed by more than a "
        "hundredth of a typical quantity.\n"
    )


def _worth(figures: Row) -> str:
    rows = [
        [
            LEFT_OUT[row["measure"]],
            f"{row['worth']:+.3f}",
            share(row["vital"]),
            share(row["essential"]),
            f"{row['bound_worth']:+.3f}",
        ]
        for row in figures["worth"]
    ]
    weekly = _of(figures, "weekly")
    return (
        f"The three weeks lived through again without each measure, planned once a week (with all of them: "
        f"{weekly['loss']:.3f} lost, {share(weekly['vital'])} of vital and {share(weekly['essential'])} of essential "
        "needs met); and how much the least that anybody could lose rises without it:\n\n"
        + grid(["left out", "lost more", "vital met then", "essential met then", "least loss rises by"], rows)
        + "\nWhere the first figure is below nought the plan fared better without the measure: it had used it for a "
        "future that did not come, or had met needs more evenly at a higher loss. The last column knows the future and "
        "cannot fall. Each measure is left out alone, so two that can stand in for each other both look cheap. What is "
        "worth little in three weeks may be worth much later: a line converted from nappies makes its first masks on "
        "day 10.\n"
    )


def _differ(figures: Row) -> str:
    hubei = figures["hubei"]
    return (
        "- **Speed of decision.** The plan converts lines and grants licences from 24 January on. Their lead times "
        "(seven days to the machines for masks, as BYD took; three days of review, an estimate) were known only "
        "afterwards, and no list of lines that could be converted lay ready.\n"
        "- **Suits of export makers.** 50,000 a day could be sewn without the national licence. In the case a review "
        "of three days lets them in; whether so many were admitted by then, nobody published.\n"
        "- **Crews.** Published shares are of 22 provinces or of the makers that were counted; the case applies them "
        "to all lines of a kind everywhere, also to converted ones.\n"
        f"- **Hubei's own suits.** Published: over {amount(hubei['suits_published'])} a day on 7 February, of two "
        f"leading makers; in the replay {amount(hubei['suits'])}. The growth of single firms is not in the case.\n"
        f"- **Hubei's own N95.** Published: {amount(hubei['n95_published'])} on 11 February; in the replay "
        f"{amount(hubei['n95'])}. Lines ran above their rated speed then (128 % of capacity); the case stops at "
        "100 %.\n"
        "- **N95 in the country.** The dots are output to the medical norm; the case lets further lines in by the fast "
        "track. The 600,000 a day of 2 February are capacity, seem to count masks outside the norm, and are not "
        "compared.\n"
        "- **Test kits.** No output up to 13 February was found published, so there is nothing to compare.\n"
        "- **Known too early.** A share of lines at work is known on the day that it holds, as makers report it; the "
        "public read it up to two days later. The classes of risk of the provinces (by counts of 20 February), the "
        "fall of posts from 7 February and the return to work on the 10th are assumptions of the case that every "
        "policy knows from the start. The norm for irradiation is not: nobody counts on it before 7 February.\n"
        "- **Estimates.** Opening stocks, lanes, prices and the spread of makers over provinces were not published. "
        "Fill rates lean on them.\n"
    )


def _run(figures: Row) -> str:
    cpu, daily = figures["cpu"], figures["cpu_per_daily_plan"]
    return (
        f"Masks, N95 and suits with all that goes into them ({figures['tasks']:,} tasks); other goods are left out, so "
        "these have all the room on lanes and all the budget. Vital and essential needs; use by the public is left "
        f"out. The rolling plan is made every {figures['every']} days with the periods `{figures['horizon']}`. Whole "
        "numbers are rounded, and exchanged while a stage is further from its bound than "
        f"{figures['gap']:.0%} ({figures['gap_weekly']:.0%} where it is made every 7 days) and a move gains; they are "
        "not searched exactly.\n\n"
        f"One plan took {figures['cpu_per_plan']:.1f} CPU-seconds; a life of three weeks by the "
        f"rolling plan {cpu['rolling']:.0f}, by a rule {cpu['proportional']:.1f}, with foresight "
        f"{cpu['foresight']:.0f}; all lives together {sum(cpu.values()) / 60:.1f} CPU-minutes, on a machine that many "
        "other programs used.\n\n"
        f"**Planned on every morning**, a stretch of the first week took {daily:.1f} CPU-seconds a plan. At that rate "
        f"60 days take {60 * daily / 60:.1f} CPU-minutes for these goods; that was not run. With all goods and tiers "
        "a plan of coarser periods takes 11 CPU-seconds ([replay](../replay.md)), one with the periods of the bundled "
        "case over a minute ([benchmarks](../benchmarks.md)). Each plan is solved from nothing: to start from the "
        "basis of the day before was tried and is slower ([solving](../solve.md#from-day-to-day)).\n"
    )
