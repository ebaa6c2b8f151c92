"""The parts of the study that ``benchmarks.hubei_replay.more`` finds: what bound, several paths, late reports."""

from __future__ import annotations

from collections import Counter

from benchmarks.hubei_replay.bound import MORE, OF
from benchmarks.hubei_replay.text import Row, amount, grid, share

MOST = 3
"""Things told that bound each of the goods on a morning."""

NAMES = {
    "bound": "rolling plan, every 3 days (as above)",
    "late": "the same, stocks reported two days late",
    "paths": "on three paths at once, every 7 days",
    "averse": "the same, averse to risk",
}


def tried(more: Row) -> str:
    """What bound each plan, by trying."""
    rows = [[day, *(_told(goods, mine) for goods in OF)] for day, mine in _mornings(more).items()]
    return (
        f"**Tried, not read off prices.** On each morning of decisions every kind of thing was loosened by {MORE:.0%}, "
        "on all days and at all places of the plan's three weeks, and the shortage solved again, whole numbers let go. "
        f"What the plan is short of, lost or saved by more sparing use, and the {MOST} things that gain most, each "
        "with the share of it that is then served:\n\n"
        + grid(["morning", *OF], rows)
        + "\nMost gained, by how many of the mornings: "
        + most_gained(more)
        + ".\n\nA plan looks three weeks ahead: what binds is what binds in these weeks as they were foreseen, and "
        "what is there on the morning counts as well as what makes more. Things are loosened one at a time, so two "
        "that bind together show nothing until both are there; the gain is that of vital needs before essential ones, "
        "so of one of the goods less may even be met where another gains (`python -m benchmarks.hubei_replay.more`).\n"
    )


def most_gained(more: Row) -> str:
    """What gained most for each of the goods, and on how many mornings."""
    first = {
        goods: Counter(best[0]["loosened"] for mine in _mornings(more).values() if (best := _best(goods, mine)))
        for goods in OF
    }
    return "; ".join(f"{goods} by {_counted(first[goods])}" for goods in OF)


def _counted(first: Counter[str]) -> str:
    return ", ".join(f"{name} ({number})" for name, number in first.most_common())


def _mornings(more: Row) -> dict[str, list[Row]]:
    days = sorted({row["day"] for row in more["bound"]})
    return {day: [row for row in more["bound"] if row["day"] == day] for day in days}


def _short(goods: str, rows: list[Row]) -> float:
    return float(next(row for row in rows if not row["loosened"])[goods])


def _best(goods: str, rows: list[Row]) -> list[Row]:
    """The few things of a morning that gain most units of the goods."""
    enough = [row for row in rows if row["loosened"] and row[goods] > max(LEAST * _short(goods, rows), 1.0)]
    return sorted(enough, key=lambda row: -row[goods])[:MOST]


def _told(goods: str, rows: list[Row]) -> str:
    """What is short of the goods, and each of the few things with what it gains of that."""
    short = _short(goods, rows)
    told = [f"{row['loosened']} {share(row[goods] / short)}" for row in _best(goods, rows)]
    return f"{amount(short)}: " + ("; ".join(told) or "no one thing alone")


LEAST = 1e-3
"""Share of what is short below which a gain is not told."""


def paths_and_late(figures: Row, more: Row) -> str:
    """Plans on several paths, and on stocks that were reported late."""
    rows = [
        [
            NAMES[row["policy"]],
            share(row["vital"]),
            share(row["essential"]),
            f"{row['loss']:.3f}",
            f"{row['loss'] - figures['least']:.3f}",
            f"{row['cost'] / 1e6:,.0f}",
            f"{row['cuts']:,}",
            f"{row['cpu']:,.0f}",
        ]
        for row in more["policies"]
    ]
    of = {row["policy"]: row for row in more["policies"]}
    failed = [
        f"{NAMES[row['policy']]}: {', '.join(row['not_planned'])}" for row in more["policies"] if row["not_planned"]
    ]
    lived = "paths" in of and "averse" in of
    compare = (
        "Plans on three paths of the needs are made once a week, so compare them with the plan of once a week above."
        if lived
        else "Plans on three paths at once (`rolling-paths`, `rolling-averse`) were not lived through here, "
        "as the machine was too busy."
    )
    return (
        "### Late reports, several paths at once\n\n"
        + grid(["policy", "vital met", "essential met", "lost", "regret", "cost, CNY million", "cut", "CPU s"], rows)
        + f"\nWhere every place tells its stocks {more['late_days']} days late, reserves apart, the same plan loses "
        f"{of['late']['loss'] - of['bound']['loss']:+.3f} and {of['late']['cuts']:,} decisions are cut instead of "
        f"{of['bound']['cuts']:,}: it counts on what was used since, and does not know of what came. {compare} "
        "All cuts are counted, however small.\n"
        + (f"\nMornings without a plan: {'; '.join(failed)}.\n" if failed else "")
    )
