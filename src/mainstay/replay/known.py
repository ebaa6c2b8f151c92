"""What a policy knows on a morning: the case as it was known that day, with what stands, waits and is under way then.

Everything is a row of the case's own tables: goods under way are lots that arrive, converted lines are lines that came
by a conversion, reviews that run are licences applied for, needs that wait are needs ``since`` their day. So whatever
can plan a case can plan from any day on, and the check knows what the plan could count on.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta

import polars as pl

from mainstay.demand import Demand
from mainstay.plan.needs import with_needs
from mainstay.replay.effects import Array
from mainstay.replay.goods_known import needs
from mainstay.replay.lines_known import helped, lines_of, unlocked
from mainstay.replay.means_known import busy, licences, pools
from mainstay.replay.now import Now
from mainstay.replay.reported import reported_lots
from mainstay.replay.rules import Rules
from mainstay.replay.truth import History, from_day
from mainstay.replay.world import State
from mainstay.tables import Case, as_known


@dataclass(frozen=True)
class Known:
    """What is known on the morning of ``day``.

    case : starts on that day, with the needs as they are projected then
    demand : where those needs come from; None: the case brings them
    in_force : table ``decisions`` of the plan in force; None: there is none
    days : until decisions can be made again; names : what ids made here stand for in the world
    """

    day: date
    case: Case
    demand: Demand | None
    in_force: pl.DataFrame | None
    days: int
    names: Mapping[str, str] = field(default_factory=dict)


def look(
    history: History,
    rules: Rules,
    state: State,
    done: list[Array],
    *,
    horizon: str,
    in_force: pl.DataFrame | None,
    days: int,
) -> Known:
    """What is known in a state of the world, on its first path.

    Parameters
    ----------
    done : (K, P) units started on each day so far; horizon : periods of the case that is given
    """
    day = history.first + timedelta(days=state.day)
    seen = as_known(history.case, day).replace(horizon=horizon, licences=from_day(history.case, day)["licences"])
    seen = replace(_without_future(history, seen, day), stocks_on=None)
    planned, demand = with_needs(seen)
    tables, names = _tables(Now(rules, state, done, day), planned)
    return Known(day, planned.replace(**tables), demand, in_force, days, names)


def _without_future(history: History, seen: Case, day: date) -> Case:
    """The case without what is only known of the needs that come, unless they are those that are planned for."""
    if history.is_foreseen:
        return seen
    is_later = (pl.col("scenario") == history.truth) & (pl.col("date") >= day)
    return seen.replace(**{name: seen[name].filter(~is_later) for name in ("needs", "people", "step_downs")})


def _tables(now: Now, case: Case) -> tuple[dict[str, pl.DataFrame], dict[str, str]]:
    """The tables of the case that say what stands, waits and is under way, and what new ids stand for."""
    begun = now.begun()
    lines, ramps, names = lines_of(now, case, begun)
    measures = begun.filter(pl.col("kind") == "measure").select("day", measure="subject")
    lanes, imports, more = helped(now, case, measures)
    availability = pl.concat([unlocked(now, case, lines, measures), *ramps, *busy(now, case)], how="diagonal_relaxed")
    taken = measures["measure"].implode()
    tables = {
        "stocks": reported_lots(now, case),
        "lines": lines,
        "availability": availability,
        "lanes": lanes,
        "imports": imports,
        "licences": licences(now, case, begun),
        "measures": case["measures"].filter(~pl.col("measure").is_in(taken)),
        "pools": pools(now, case),
        "needs": needs(now, case),
    }
    return tables, names | more
