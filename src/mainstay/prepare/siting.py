"""Siting: which plants and depots to open so that all are served, from tables; proven to be the cheapest."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

import numpy as np
import polars as pl
from numpy.typing import NDArray

from mainstay.errors import UsageError
from mainstay.prepare.pooling import pooled_deviation
from mainstay.prepare.siting_input import Tables, read_siting
from mainstay.solve.location import Least, Located, Location, locate
from mainstay.tables.frames import conform
from mainstay.tables.siting_tables import DELIVERIES, OPENED, REGIONS_SERVED, SHORT

Array = NDArray[np.float64]
NOTHING = "none"
"""Name of the outcome in which nothing fails."""


@dataclass(frozen=True)
class SitingRules:
    """What a choice of sites must keep, while nothing fails.

    most_sites : that may be open
    max_km : no customer is served from farther away
    bands : km -> least share of all need that is served from no farther away
    self_share : region -> least share of its need in the first days that its own sites give; "*": every other region
    first_days, of_days : the first days of all those that the need is for, spread evenly; equal: all of it
    correlation : of the needs of any two customers, for pooled safety stock
    service_factor : standard deviations that safety stock covers
    """

    most_sites: int | None = None
    max_km: float | None = None
    bands: Mapping[float, float] = field(default_factory=dict)
    self_share: Mapping[str, float] = field(default_factory=dict)
    first_days: float = 1.0
    of_days: float = 1.0
    correlation: float = 0.0
    service_factor: float = 1.645

    def __post_init__(self) -> None:
        shares = [*self.bands.values(), *self.self_share.values(), self.correlation]
        if any(not 0 <= share <= 1 for share in shares):
            raise UsageError(f"Shares and the correlation lie between 0 and 1; found {shares}.")
        if not 0 < self.first_days <= self.of_days:
            raise UsageError(
                f"The first {self.first_days:g} of {self.of_days:g} days cannot be. Give first days above 0 and no "
                "more than all."
            )
        if self.most_sites is not None and self.most_sites < 1:
            raise UsageError(f"At most {self.most_sites} sites serve nobody. Allow 1 or more.")


@dataclass(frozen=True)
class Siting:
    """The cheapest sites, with the tables that say what they do.

    cost : fixed, transport and expected shortage [money]; nothing is cheaper, as the search ends with the proof
    tables : opened, deliveries, short, regions_served
    """

    inputs: Tables
    rules: SitingRules
    found: Located
    outcomes: tuple[str, ...]

    @property
    def cost(self) -> float:
        """All that it costs, a mean over what may fail [money]."""
        return self.found.value

    @property
    def open_sites(self) -> tuple[str, ...]:
        """The sites that are open, in the order of the table."""
        return tuple(self.inputs["sites"]["site"].filter(pl.Series(self.found.is_open)))

    @cached_property
    def tables(self) -> dict[str, pl.DataFrame]:
        """Results by name, as declared."""
        return {
            "opened": self._opened(),
            "deliveries": self._deliveries(),
            "short": self._short(),
            "regions_served": self._regions(),
        }

    def write(self, folder: str | Path) -> Path:
        """Write each table as CSV; say where."""
        where = Path(folder)
        where.mkdir(parents=True, exist_ok=True)
        for name, frame in self.tables.items():
            frame.write_csv(where / f"{name}.csv")
        return where

    def _deliveries(self) -> pl.DataFrame:
        links = self.inputs["links"]
        dust = 1e-9 * max(float(self.inputs["customers"]["need"].max() or 0), 1e-9)  # type: ignore[arg-type]
        parts = [
            links.select("origin", "destination", "unit_cost", "distance_km")
            .with_columns(failure=pl.lit(name), quantity=pl.Series(flow))
            .filter(pl.col("quantity") > dust)
            .with_columns(cost=pl.col("quantity") * pl.col("unit_cost"))
            .drop("unit_cost")
            for name, flow in zip(self.outcomes, self.found.flow, strict=True)
        ]
        return conform(DELIVERIES, pl.concat(parts))

    def _short(self) -> pl.DataFrame:
        customers = self.inputs["customers"].select("customer", "need")
        parts = [
            customers.with_columns(failure=pl.lit(name), quantity=pl.Series(short))
            .filter(pl.col("quantity") > 1e-9 * pl.col("need"))
            .drop("need")
            for name, short in zip(self.outcomes, self.found.short, strict=True)
        ]
        return conform(SHORT, pl.concat(parts))

    @cached_property
    def _usual(self) -> pl.DataFrame:
        return self._deliveries().filter(failure=NOTHING)

    def _opened(self) -> pl.DataFrame:
        sites = self.inputs["sites"].with_columns(is_open=pl.Series(self.found.is_open))
        given = self._usual.group_by(pl.col("origin").alias("site")).agg(given=pl.col("quantity").sum())
        stock = pl.DataFrame(
            [self._safety(site) for site in sites["site"]],
            {"num_customers": pl.Int64, "pooled_stock": pl.Float64, "separate_stock": pl.Float64},
            orient="row",
        )
        found = (
            pl.concat([sites, stock], how="horizontal")
            .join(given, on="site", how="left", maintain_order="left")
            .with_columns(pl.col("given").fill_null(0.0))
            .with_columns(utilisation=pl.col("given") / pl.col("capacity"))
        )
        return conform(OPENED, found.select(column.name for column in OPENED.columns))

    def _safety(self, site: str) -> tuple[int, float | None, float | None]:
        """Customers of a site, and their safety stock together and each alone; None where deviations are not known."""
        customers = self.inputs["customers"]
        share = self._usual.filter(origin=site).join(
            customers.select("customer", "need", "need_sd"), left_on="destination", right_on="customer"
        )
        if share.is_empty() or share["need_sd"].null_count():
            return share.height, None, None
        sd = (share["need_sd"] * share["quantity"] / share["need"]).to_numpy()
        factor = self.rules.service_factor
        return share.height, factor * pooled_deviation(sd, self.rules.correlation), factor * float(sd.sum())

    def _regions(self) -> pl.DataFrame:
        customers, sites = self.inputs["customers"], self.inputs["sites"]
        home = dict(sites.select("site", "region").iter_rows())
        placed = self._usual.join(
            customers.select("customer", "region"), left_on="destination", right_on="customer"
        ).with_columns(_home=pl.col("origin").replace_strict(home, return_dtype=pl.String))
        own = placed.filter(pl.col("_home") == pl.col("region")).group_by("region").agg(own=pl.col("quantity").sum())
        rows = (
            customers.drop_nulls("region")
            .group_by("region", maintain_order=True)
            .agg(pl.col("need").sum())
            .join(own, on="region", how="left", maintain_order="left")
            .with_columns(pl.col("own").fill_null(0.0))
        )
        wanted = [self.rules.self_share.get(r, self.rules.self_share.get("*", 0.0)) for r in rows["region"]]
        first = self.rules.first_days / self.rules.of_days
        share = pl.when(pl.col("need") > 0).then(pl.col("own") / pl.col("need")).otherwise(1.0)
        return conform(
            REGIONS_SERVED, rows.with_columns(own_share=share, wanted_share=pl.Series(wanted, dtype=pl.Float64) * first)
        )


def site(tables: Mapping[str, pl.DataFrame] | str | Path, rules: SitingRules | None = None) -> Siting:
    """Choose the plants and depots that serve all at the least cost.

    One table of sites without capacities is the plain location problem, with capacities the capacitated one; depots and
    links from plants to them make two stages; ``failures`` make sites of a region fail together, each outcome weighed
    by its chance.

    Parameters
    ----------
    tables : ``sites``, ``customers``, ``links`` and, where something may fail, ``failures``; or the folder of their CSV
    rules : numbers, distances, self-sufficiency

    Raises
    ------
    DataError : the tables have errors; its ``findings`` lists all of them
    UsageError : a rule needs a distance or a region that the tables do not give; a customer is out of reach
    SolveError : no choice of sites meets all needs and rules

    >>> sites = pl.DataFrame({"site": ["a", "b"], "fixed_cost": [10.0, 12.0]})
    >>> customers = pl.DataFrame({"customer": ["x", "y"], "need": [5.0, 5.0]})
    >>> links = pl.DataFrame(
    ...     {"origin": ["a", "a", "b", "b"], "destination": ["x", "y", "x", "y"], "unit_cost": [1.0, 5.0, 2.0, 2.0]})
    >>> found = site({"sites": sites, "customers": customers, "links": links})
    >>> found.open_sites, found.cost
    (('b',), 32.0)
    """
    rules = rules or SitingRules()
    known = read_siting(tables)
    links = _usable(known, rules)
    used = {**known, "links": links}
    outcomes, chance, is_down = _outcomes(known)
    problem = _problem(used, rules, chance, is_down)
    return Siting(used, rules, locate(problem), outcomes)


def _usable(known: Tables, rules: SitingRules) -> pl.DataFrame:
    """Links that the longest distance allows; every customer that needs something must have one or a price."""
    links, customers = known["links"], known["customers"]
    to_customer = pl.col("destination").is_in(customers["customer"].implode())
    if (rules.max_km is not None or rules.bands) and links.filter(to_customer)["distance_km"].null_count():
        raise UsageError(
            "Rules of distance need the distance of every link to a customer. Fill the column distance_km."
        )
    if rules.max_km is not None:
        links = links.filter(~to_customer | (pl.col("distance_km") <= rules.max_km))
    reached = set(links["destination"])
    lost = [
        row["customer"]
        for row in customers.iter_rows(named=True)
        if row["need"] > 0 and row["shortage_cost"] is None and row["customer"] not in reached
    ]
    if lost:
        raise UsageError(
            f"No link reaches {', '.join(lost[:5])}{' ...' if len(lost) > 5 else ''}. Add links, allow a longer "
            "distance, or give a shortage_cost."
        )
    return links


def _outcomes(known: Tables) -> tuple[tuple[str, ...], Array, NDArray[np.bool_]]:
    """Names, chances and sites lost (S, J) of all that may come, nothing first."""
    failures, region = known["failures"], known["sites"]["region"].to_list()
    grouped = failures.group_by("failure", maintain_order=True).agg(pl.col("region"), pl.col("chance").first())
    down = [[where in regions for where in region] for regions in grouped["region"]]
    left = 1.0 - float(grouped["chance"].sum())
    return (
        (NOTHING, *grouped["failure"]),
        np.array([max(left, 0.0), *grouped["chance"]]),
        np.array([[False] * len(region), *down], dtype=bool),
    )


def _problem(known: Tables, rules: SitingRules, chance: Array, is_down: NDArray[np.bool_]) -> Location:
    sites, customers, links = known["sites"], known["customers"], known["links"]
    number = {name: i for i, name in enumerate([*sites["site"], *customers["customer"]])}
    origin = np.array([number[name] for name in links["origin"]], dtype=np.int64)
    destination = np.array([number[name] for name in links["destination"]], dtype=np.int64)
    return Location(
        fixed=sites["fixed_cost"].to_numpy(),
        capacity=sites["capacity"].fill_null(np.inf).to_numpy(),
        is_depot=(sites["kind"] == "depot").to_numpy(),
        need=customers["need"].to_numpy(),
        shortage_cost=customers["shortage_cost"].fill_null(np.inf).to_numpy(),
        origin=origin,
        destination=destination,
        cost=links["unit_cost"].to_numpy() + sites["unit_cost"].to_numpy()[origin],
        chance=chance,
        is_down=is_down,
        least=tuple(_least(known, rules)),
        most_sites=rules.most_sites,
    )


def _least(known: Tables, rules: SitingRules) -> list[Least]:
    """Bands of distance, and what regions must give themselves."""
    customers, links = known["customers"], known["links"]
    need = dict(customers.select("customer", "need").iter_rows())
    is_last = links["destination"].is_in(customers["customer"].implode())
    found = []
    for km, share in sorted(rules.bands.items()):
        near = (is_last & (links["distance_km"] <= km)).fill_null(False).to_numpy()
        found.append(Least(near, share * sum(need.values())))
    home = dict(known["sites"].select("site", "region").iter_rows())
    lives = dict(customers.select("customer", "region").iter_rows())
    regions = [region for region in dict.fromkeys(lives.values()) if region is not None]
    unknown = set(rules.self_share) - set(regions) - {"*"}
    if unknown:
        raise UsageError(f"No customer lives in {', '.join(sorted(unknown))}. Regions: {', '.join(regions)}.")
    first = rules.first_days / rules.of_days
    for region in regions:
        share = rules.self_share.get(region, rules.self_share.get("*", 0.0)) * first
        if share > 0:
            own = [home[a] == region == lives.get(b) for a, b in links.select("origin", "destination").iter_rows()]
            found.append(Least(np.array(own), share * sum(q for c, q in need.items() if lives[c] == region)))
    return found
