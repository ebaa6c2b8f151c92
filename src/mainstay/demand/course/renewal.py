"""New cases by the renewal equation: the reproduction number read from reports, then sample paths of what follows."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
import polars as pl
from numpy.typing import NDArray
from scipy import special, stats

from mainstay.demand.course.parameters import Values, transmission_on
from mainstay.demand.course.reports import Reports
from mainstay.demand.paths import Paths
from mainstay.errors import UsageError
from mainstay.tables.case import Case

Numbers = NDArray[np.float64]


def interval_weights(mean: float, sd: float) -> Numbers:
    """How the infections from one case spread over the days after it, summing to 1.

    Parameters
    ----------
    mean, sd : of a gamma distribution [days]

    Returns
    -------
    (S,): w_s = G(s + 1/2) - G(s - 1/2) for s = 1, 2 ... to where next to nothing is left, divided by their sum

    >>> w = interval_weights(4.7, 2.9)
    >>> round(float(w @ np.arange(1, len(w) + 1)), 2)
    4.73
    """
    longest = int(np.ceil(mean + 5 * sd)) + 1
    edges = np.arange(longest + 1) + 0.5
    weights = np.diff(stats.gamma.cdf(edges, (mean / sd) ** 2, scale=sd**2 / mean))
    return np.asarray(weights / weights.sum())


def cori_posterior(
    cases: Numbers, pressure: Numbers, *, shape: float | Numbers = 1.0, scale: float | Numbers = 5.0
) -> tuple[Numbers, Numbers]:
    """Shape and scale of the gamma posterior of the reproduction number, R ~ Gamma(a + sum I, 1 / (1/b + sum L)).

    Parameters
    ----------
    cases, pressure : (..., days) new cases I and infection pressure L = sum of w_s I[t-s] on the days of the window
    shape, scale : of the gamma prior, a and b

    Source: Cori et al., Am. J. Epidemiol. 178 (2013) 1505-1512, web appendix 1.

    >>> a, b = cori_posterior(np.array([22.0, 27, 33, 40]), np.array([14.5, 17.6, 21.5, 26.3]))
    >>> round(float(a * b), 5)
    1.53558
    """
    return np.asarray(shape + cases.sum(axis=-1)), np.asarray(1 / (1 / np.asarray(scale) + pressure.sum(axis=-1)))


def infection_pressure(cases: Numbers, weights: Numbers) -> Numbers:
    """Infection pressure on each day, L_t = sum over s of w_s I[t-s], same shape as the cases.

    Parameters
    ----------
    cases : (..., P, H) [persons]; nothing before the first day
    weights : (P, S) for s = 1 ... S

    >>> cases = np.array([[10.0, 12, 15, 18, 22, 27, 33, 40]])
    >>> infection_pressure(cases, np.array([[0.2, 0.5, 0.2, 0.1]]))[0, -4:].round(9).tolist()
    [14.5, 17.6, 21.5, 26.3]
    """
    pressure = np.zeros_like(cases)
    for lag, weight in enumerate(weights.T, start=1):
        pressure[..., lag:] += weight[:, None] * cases[..., :-lag]
    return pressure


def transmission(case: Case, as_of: date, days: list[date]) -> Numbers:
    """Factor of the planned scenario on the reproduction number on each day (days,); 1 where it says nothing.

    The counts known on ``as_of`` already show the measures of that day, so a later factor counts against the one in
    force then. A factor without a date holds from the first day that is projected.

    Raises
    ------
    UsageError : the factor in force on ``as_of`` is 0, so that nothing can be compared with it
    """
    rows = case["scenarios"].filter(pl.col("scenario") == case.scenario)
    base = transmission_on(rows.drop_nulls("from"), [as_of])[0]
    if base == 0:
        raise UsageError(
            f"The scenario {case.scenario} has the transmission 0 on {as_of}, so that later factors have nothing to be "
            "compared with. Give a factor above 0 for that day."
        )
    return np.asarray(transmission_on(rows, days) / base)


def poisson_quantile(mean: Numbers, uniform: Numbers) -> Numbers:
    """The Poisson number below or at which ``uniform`` of the probability lies, rising with the mean.

    Exact up to a mean of 8; above it by the expansion of Cornish and Fisher to the skewness, within one of the exact.

    Parameters
    ----------
    mean, uniform : same shape; uniform in 0 to 1

    >>> poisson_quantile(np.array([2.0, 100.0]), np.array([0.5, 0.975])).tolist()
    [2.0, 120.0]
    """
    small = np.minimum(mean, 8.0)
    term = np.exp(-small)
    below, number = term.copy(), np.zeros_like(mean)
    for k in range(1, 31):
        number += uniform > below
        term *= small / k
        below += term
    z = special.ndtri(np.clip(uniform, 1e-7, 1 - 1e-7))
    large = np.floor(mean + z * np.sqrt(mean) + (z * z - 1) / 6 + 0.5)
    return np.where(mean > 8, np.maximum(number, large), number)


def project_cases(
    reports: Reports,
    missing: Numbers,
    values: Values,
    factors: Numbers,
    population: Numbers,
    *,
    paths: int,
    seed: int,
) -> Paths:
    """Sample paths of new cases: the past as reported, the days after it by the renewal equation.

    The logarithm of the reproduction number goes back to 0 by its half-life and strays by its drift, part of which all
    places share; daily counts are negative binomial (a gamma factor on the mean, then Poisson).

    Parameters
    ----------
    reports : what is known, H days
    missing : (P, H) [persons] expected to be reported yet; drawn on each path
    values : parameters at each place
    factors : (F,) factor on the reproduction number on each day after ``reports.as_of``
    population : (P,) [persons], NaN where not known: the cases of a place never sum to more
    paths, seed : the same seed gives the same paths; the draws of a place depend on its code alone, and with the same
        draws a higher factor never gives a path fewer cases in all

    Returns
    -------
    (N, P, H + F) [persons]
    """
    num_places, num_past = reports.new_cases.shape
    begin, end = int(reports.last.min()) + 1, num_past + len(factors)
    past = _past(reports, missing, values["dispersion"], paths, seed)
    weights = interval_table(values)
    log_r = np.log(_reproduction(past, weights, reports, values, paths, seed))
    draws = _Draws(reports, begin, end, paths, seed)
    noise = draws.each("noise", lambda rng, shape, p: rng.standard_gamma(values["dispersion"][p], shape, np.float32))
    noise /= values["dispersion"].astype(np.float32)
    uniform = draws.each("count", lambda rng, shape, _: rng.random(shape, np.float32))
    strays = draws.each("drift", lambda rng, shape, _: rng.standard_normal(shape, np.float32))
    own, shared = np.sqrt(1 - values["shared_drift"]), np.sqrt(values["shared_drift"])
    keep_low = 0.5 ** (1 / values["damping_below"])
    back = np.where(log_r > 0, 0.5 ** (1 / values["damping"]), keep_low)
    stray, backwards = np.zeros_like(log_r), weights[:, ::-1].astype(np.float32)
    room = np.nan_to_num(population - reports.confirmed, nan=np.inf).clip(0) * np.ones((paths, 1))
    cases = np.zeros((paths, num_places, end), dtype=np.float32)
    cases[:, :, :num_past] = past
    for day in range(begin, end):
        factor = factors[day - num_past] if day >= num_past else 1.0
        recent = cases[:, :, max(day - weights.shape[1], 0) : day]
        pressure = np.einsum("nps,ps->np", recent, backwards[:, -recent.shape[2] :])
        mean = (np.exp(log_r + stray) * factor * pressure + values["imported"]) * noise[day - begin]
        ahead = reports.last < day
        drawn = np.where(ahead, np.minimum(poisson_quantile(mean, uniform[day - begin]), room), 0)
        cases[:, :, day] += drawn
        room -= drawn
        shock = own * strays[day - begin] + shared * draws.common(day)[:, None]
        log_r = np.where(ahead, back * log_r, log_r)
        stray = np.where(ahead, keep_low * stray + values["drift"] * shock, stray)
    return cases


def interval_table(values: Values) -> Numbers:
    """Interval weights of each place (P, S), zero beyond its own longest interval."""
    pairs = zip(values["serial_interval"], values["serial_interval_sd"], strict=True)
    rows = [interval_weights(mean, sd) for mean, sd in pairs]
    longest = max(len(row) for row in rows)
    return np.array([np.pad(row, (0, longest - len(row))) for row in rows])


def _stream(seed: int, *names: str) -> np.random.Generator:
    """Random numbers that depend on the seed and the names alone."""
    return np.random.default_rng([seed, *"/".join(names).encode()])


@dataclass(frozen=True)
class _Draws:
    """Random numbers of each path, place and day from ``begin`` to before ``end``, by place and day alone."""

    reports: Reports
    begin: int
    end: int
    paths: int
    seed: int

    def each(
        self, kind: str, draw: Callable[[np.random.Generator, tuple[int, int], int], NDArray[np.float32]]
    ) -> NDArray[np.float32]:
        """One number for each day, path and place (days, N, P), from the place's last report on."""
        numbers = np.zeros((self.end - self.begin, self.paths, len(self.reports.places)), dtype=np.float32)
        for p, (place, last) in enumerate(zip(self.reports.places, self.reports.last, strict=True)):
            shape = (self.end - int(last) - 1, self.paths)
            numbers[last + 1 - self.begin :, :, p] = draw(_stream(self.seed, kind, place), shape, p)
        return numbers

    def common(self, day: int) -> Numbers:
        """One number for each path (N,) that all places share on the day."""
        when = self.reports.first + timedelta(days=day)
        return _stream(self.seed, "common", when.isoformat()).standard_normal(self.paths)


def _past(reports: Reports, missing: Numbers, dispersion: Numbers, paths: int, seed: int) -> Numbers:
    """New cases up to ``as_of`` (1 or N, P, H): as reported, and with what is missing drawn on each path."""
    past = np.nan_to_num(reports.new_cases)[None]
    if not missing.any():
        return past
    drawn = [
        rng.poisson(late * rng.standard_gamma(k, (paths, 1)) / k)
        for late, k, place in zip(missing, dispersion, reports.places, strict=True)
        for rng in [_stream(seed, "missing", place)]
    ]
    return np.asarray(past + np.stack(drawn, axis=1))


def _reproduction(past: Numbers, weights: Numbers, reports: Reports, values: Values, paths: int, seed: int) -> Numbers:
    """A draw of the reproduction number of each path and place (N, P).

    The prior of a place is the posterior mean of all places together, worth ``pooling`` cases; without pooling it is
    the prior of its own.
    """
    day = np.arange(past.shape[2])
    since = np.maximum(reports.last - values["window"] + 1, reports.counted_from)
    window = (day >= since[:, None]) & (day <= reports.last[:, None])
    worth = window / (1 + (past * window).sum(axis=2) / window.sum(axis=1).clip(1) / values["dispersion"])[..., None]
    counted, pressure = past * worth, infection_pressure(past, weights) * worth
    a, b = cori_posterior(counted.sum(axis=1), pressure.sum(axis=1), scale=values["prior_reproduction"].mean())
    pooled = values["pooling"] > 0
    shape = np.where(pooled, values["pooling"], 1.0)
    scale = np.where(pooled, (a * b)[:, None] / shape, values["prior_reproduction"])
    shape, scale = cori_posterior(counted, pressure, shape=shape, scale=scale)
    uniform = np.stack([_stream(seed, "reproduction", place).random(paths) for place in reports.places], axis=1)
    return np.asarray(np.maximum(scale * special.gammaincinv(shape, uniform), 1e-6))
