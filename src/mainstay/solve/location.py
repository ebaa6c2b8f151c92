"""Facility location: which sites to open, and who is served from where, proven to be the cheapest.

    min  sum_j f_j y_j + sum_s w_s (sum_l c_l x_sl + sum_i p_i u_si)
    sum of x_sl into i + u_si = d_i                 every customer is served, or short at its price
    sum of x_sl into j = sum of x_sl out of j       depots pass on what they get
    sum of x_sl out of j <= K_j y_j                 no more than the site can
    x_sl <= min(d, K) y_j                           nothing from, or to, a site that is closed: the strong form
    y_j in {0, 1}; x_sl = 0 where outcome s takes an end of link l away

Source: G. Cornuejols, G. L. Nemhauser and L. A. Wolsey in Discrete Location Theory (1990), ch. 3.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from mainstay.errors import SolveError
from mainstay.solve.highs import Impossible, solve_small
from mainstay.solve.solution import Array

Numbers = NDArray[np.int64]
Mask = NDArray[np.bool_]
Matrix = Any  # sparse


@dataclass(frozen=True)
class Least:
    """A rule: what flows along these links while nothing fails is at least so much.

    links : (L,) which count; quantity : [units of need]
    """

    links: Mask
    quantity: float


@dataclass(frozen=True)
class Location:
    """Sites 0 .. J-1 and customers J .. J+I-1, with the links between them.

    fixed : (J,) [money]; capacity : (J,) [units], inf: no limit; is_depot : (J,) passes on what it gets
    need : (I,) [units]; shortage_cost : (I,) [money per unit], inf: must be met
    origin, destination : (L,) sites, and sites or customers; cost : (L,) [money per unit]
    chance : (S,) of each outcome, summing to 1, the first that nothing fails; is_down : (S, J) sites lost in it
    least : rules that some flows must keep
    most_sites : that may be open; None: all
    """

    fixed: Array
    capacity: Array
    is_depot: Mask
    need: Array
    shortage_cost: Array
    origin: Numbers
    destination: Numbers
    cost: Array
    chance: Array
    is_down: Mask
    least: tuple[Least, ...] = field(default=())
    most_sites: int | None = None

    @property
    def num_sites(self) -> int:
        """Number of sites."""
        return len(self.fixed)


@dataclass(frozen=True)
class Located:
    """The cheapest choice.

    is_open : (J,); flow : (S, L) [units]; short : (S, I) [units]
    value : [money]; nothing is cheaper, as the search ends with the proof
    """

    is_open: Mask
    flow: Array
    short: Array
    value: float


def locate(problem: Location) -> Located:
    """Open the sites that cost least in all, proven.

    Raises
    ------
    SolveError : no choice of sites meets all needs and rules
    """
    scale = max(float(problem.need.mean()), 1e-12)
    rows = _rows(problem, scale)
    money = max(float(np.abs(rows.cost).max()), 1e-12)
    chosen = _solved(rows, rows.cost / money, rows.most, problem.num_sites)
    is_open = chosen[: problem.num_sites] > 0.5
    most = rows.most.copy()
    most[: problem.num_sites] = is_open
    cost = rows.cost.copy()
    cost[: problem.num_sites] = 0.0
    exact = _solved(rows, cost / money, most, 0)
    flow, short = _parts(problem, exact * scale)
    value = float(problem.fixed[is_open].sum() + cost @ exact)
    return Located(is_open, flow, short, value)


@dataclass(frozen=True)
class _Rows:
    cost: Array
    most: Array
    matrix: Matrix
    lower: Array
    upper: Array


def _solved(rows: _Rows, cost: Array, most: Array, num_whole: int) -> Array:
    try:
        answer = solve_small(cost, rows.matrix, rows.lower, rows.upper, most, num_whole=num_whole, exact=True)
    except Impossible:
        answer = None
    if answer is None:
        raise SolveError(
            "No choice of sites serves every customer within the rules. Allow more sites, more capacity, longer links, "
            "lower shares, or give the customers a shortage_cost."
        )
    return answer.columns


def _rows(problem: Location, scale: float) -> _Rows:
    """The programme, quantities over ``scale``: columns y (J), x (S x L), u (S x I)."""
    need, capacity = problem.need / scale, problem.capacity / scale
    most_flow = np.minimum(
        np.minimum(capacity[problem.origin], np.concatenate([capacity, need])[problem.destination]), need.sum()
    )
    sites = problem.num_sites
    to_site = problem.destination < sites
    other_end = np.where(to_site, problem.destination, problem.origin)
    is_lost = problem.is_down[:, problem.origin] | problem.is_down[:, other_end]
    can_short = np.isfinite(problem.shortage_cost)
    short_cost = np.where(can_short, problem.shortage_cost, 0.0)
    blocks = [
        _served(problem, need),
        _passed_on(problem),
        _within_capacity(problem, capacity),
        _only_open(problem, most_flow, np.arange(len(problem.origin)), problem.origin),
        _only_open(problem, most_flow, np.flatnonzero(to_site), problem.destination[to_site]),
        *(_at_least(problem, rule, scale) for rule in problem.least),
        _few_sites(problem),
    ]
    return _Rows(
        cost=np.concatenate(
            [
                problem.fixed,
                *(chance * scale * problem.cost for chance in problem.chance),
                *(chance * scale * short_cost for chance in problem.chance),
            ]
        ),
        most=np.concatenate(
            [
                np.ones(sites),
                np.where(is_lost, 0.0, most_flow).ravel(),
                np.tile(np.where(can_short, need, 0.0), len(problem.chance)),
            ]
        ),
        matrix=sparse.csc_array(sparse.vstack([block.matrix for block in blocks])),
        lower=np.concatenate([block.lower for block in blocks]),
        upper=np.concatenate([block.upper for block in blocks]),
    )


@dataclass(frozen=True)
class _Block:
    """Some rows with their sides."""

    matrix: Matrix
    lower: Array
    upper: Array


def _block(
    problem: Location,
    lower: Array,
    upper: Array,
    *,
    y: Matrix | None = None,
    x: Matrix | None = None,
    u: Matrix | None = None,
) -> _Block:
    """Rows of the parts given; the other columns have nothing in them."""
    outcomes = len(problem.chance)
    widths = (problem.num_sites, outcomes * len(problem.origin), outcomes * len(problem.need))
    parts = [
        sparse.csr_array((len(lower), width)) if part is None else sparse.csr_array(part)
        for part, width in zip((y, x, u), widths, strict=True)
    ]
    return _Block(sparse.csr_array(sparse.hstack(parts)), lower, upper)


def _in_each(problem: Location, matrix: Matrix) -> Matrix:
    """Rows over the links, once for each outcome."""
    return sparse.kron(sparse.eye_array(len(problem.chance)), matrix)


def _repeated(problem: Location, matrix: Matrix) -> Matrix:
    """Rows over the sites, the same for each outcome."""
    return sparse.kron(np.ones((len(problem.chance), 1)), matrix)


def _incidence(ends: Numbers, nodes: int) -> Matrix:
    """Which links end at which node (nodes, L)."""
    return sparse.csr_array((np.ones(len(ends)), (ends, np.arange(len(ends)))), shape=(nodes, len(ends)))


def _served(problem: Location, need: Array) -> _Block:
    into = _incidence(problem.destination, problem.num_sites + len(need))[problem.num_sites :]
    wanted = np.tile(need, len(problem.chance))
    return _block(problem, wanted, wanted, x=_in_each(problem, into), u=sparse.eye_array(len(wanted)))


def _passed_on(problem: Location) -> _Block:
    into = _incidence(problem.destination, problem.num_sites + len(problem.need))[: problem.num_sites]
    rows = _in_each(problem, (into - _incidence(problem.origin, problem.num_sites))[problem.is_depot])
    zero = np.zeros(rows.shape[0])
    return _block(problem, zero, zero, x=rows)


def _within_capacity(problem: Location, capacity: Array) -> _Block:
    limited = np.flatnonzero(np.isfinite(capacity))
    room = sparse.csr_array(
        (-capacity[limited], (np.arange(len(limited)), limited)), shape=(len(limited), len(capacity))
    )
    used = _in_each(problem, _incidence(problem.origin, problem.num_sites)[limited])
    return _up_to_zero(problem, _repeated(problem, room), used)


def _only_open(problem: Location, most_flow: Array, links: Numbers, sites: Numbers) -> _Block:
    """Nothing along these links where these sites are closed."""
    rows = np.arange(len(links))
    shut = sparse.csr_array((-most_flow[links], (rows, sites)), shape=(len(links), problem.num_sites))
    pick = sparse.csr_array((np.ones(len(links)), (rows, links)), shape=(len(links), len(problem.origin)))
    return _up_to_zero(problem, _repeated(problem, shut), _in_each(problem, pick))


def _up_to_zero(problem: Location, y: Matrix, x: Matrix) -> _Block:
    return _block(problem, np.full(y.shape[0], -np.inf), np.zeros(y.shape[0]), y=y, x=x)


def _at_least(problem: Location, rule: Least, scale: float) -> _Block:
    counted = np.zeros((1, len(problem.chance) * len(problem.origin)))
    counted[0, : len(problem.origin)] = rule.links
    return _block(problem, np.array([rule.quantity / scale]), np.array([np.inf]), x=counted)


def _few_sites(problem: Location) -> _Block:
    most = problem.num_sites if problem.most_sites is None else problem.most_sites
    return _block(problem, np.array([-np.inf]), np.array([float(most)]), y=np.ones((1, problem.num_sites)))


def _parts(problem: Location, quantities: Array) -> tuple[Array, Array]:
    """Flow (S, L) and what is short (S, I), from the columns."""
    sites, outcomes = problem.num_sites, len(problem.chance)
    flows, short = np.split(quantities[sites:], [outcomes * len(problem.origin)])
    return flows.reshape(outcomes, -1), short.reshape(outcomes, -1)
