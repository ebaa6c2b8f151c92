"""The rules of the world as arrays: what every task takes and gives, when, and who gives way when there is too little.

They are read from the tables of the network, for days of their own; nothing of the solver's matrix is used.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import polars as pl
from numpy.typing import NDArray
from scipy import sparse

from mainstay.network.compile import begin
from mainstay.network.network import FOREVER, Network
from mainstay.network.profiles import rows_of
from mainstay.replay.aged import Aged
from mainstay.replay.effects import Array, Later, Matrix, Rows
from mainstay.tables import Case

DONE = (
    "make",
    "release",
    "ship",
    "charter",
    "import",
    "license",
    "convert",
    "measure",
    "reserve",
    "serve",
    "ease",
)
"""Kinds of task that somebody decides on; the world does the others by itself: resume, set up, expire, lose."""

_THINGS = (
    "goods",
    "need",
    "line capacity",
    "lines",
    "unlocked lines",
    "blocked lines",
    "licence",
    "licences",
    "review",
    "lane room",
    "import offer",
    "import window",
    "pool",
    "convertible lines",
    "measure",
)
"""Resources that exist in the world; the others are accounts of the objective."""

FIRST_TO_GIVE_WAY = ("desirable", "essential", "elsewhere", "vital")
"""Who gives way first where there is too little: desirable needs, then essential ones, then what would be made of the
goods or sent elsewhere, and vital needs on the spot last. Within a class all give up the same share."""


@dataclass(frozen=True)
class Rules:
    """One world: its network by day, and the effects of its tasks sorted by when they come about.

    network : R resources, K tasks, T days; needs are those of the case's scenario
    """

    case: Case
    network: Network

    @classmethod
    def of(cls, case: Case) -> Rules:
        """The rules of a case over the days of its horizon."""
        days = case.replace(horizon=f"{case.calendar.num_days}x1", frozen_days=0)
        network = begin(days)[1]
        return cls(days, network)

    @cached_property
    def tasks(self) -> pl.DataFrame:
        """Tasks of the network, with their row."""
        return self.network.tasks.with_row_index("row").with_columns(pl.col("row").cast(pl.Int64))

    @cached_property
    def resources(self) -> pl.DataFrame:
        """Resources of the network, with their row."""
        return self.network.resources.with_row_index("row").with_columns(pl.col("row").cast(pl.Int64))

    @cached_property
    def is_done(self) -> NDArray[np.bool_]:
        """Tasks that somebody decides on (K,)."""
        return self.tasks["kind"].is_in(DONE).to_numpy()

    @cached_property
    def is_there(self) -> NDArray[np.bool_]:
        """Resources that exist in the world (R,)."""
        return self.resources["what"].is_in(_THINGS).to_numpy()

    @cached_property
    def is_whole(self) -> Rows:
        """Rows of tasks that are started in whole numbers."""
        return np.flatnonzero(self.tasks["is_whole"].to_numpy() & self.is_done)

    @cached_property
    def is_flow(self) -> NDArray[np.bool_]:
        """Resources that are gone at the end of the day, needs apart (R,)."""
        return ((self.resources["kind"] == "flow") & (self.resources["what"] != "need")).to_numpy()

    @cached_property
    def need(self) -> Rows:
        """Rows of the needs, in the order of the network."""
        return np.flatnonzero((self.resources["what"] == "need").to_numpy())

    @cached_property
    def effects(self) -> pl.DataFrame:
        """Effects of tasks that are decided on, on resources that exist."""
        effects = self.network.effects
        known = self.is_done[effects["task"].to_numpy()] & self.is_there[effects["resource"].to_numpy()]
        return effects.filter(pl.Series(known))

    def matrix(self, effects: pl.DataFrame) -> Matrix:
        """Amounts of effects, summed (R, K)."""
        shape = (self.resources.height, self.tasks.height)
        where = (effects["resource"].to_numpy(), effects["task"].to_numpy())
        return sparse.csr_matrix((effects["amount"].to_numpy(), where), shape=shape)

    @cached_property
    def at_once(self) -> Matrix:
        """What a task takes and gives on the day of its start (R, K)."""
        return self.matrix(self.effects.filter(pl.col("offset") == 0))

    @cached_property
    def later(self) -> list[Later]:
        """What a task gives on one later day."""
        once = self.effects.filter((pl.col("duration") == 1) & (pl.col("offset") > 0))
        return [Later(int(str(o)), self.matrix(part)) for (o,), part in once.group_by("offset", maintain_order=True)]

    @cached_property
    def lasting(self) -> list[Later]:
        """What a task gives or takes every day for some days or from then on; the first day of it counts at once."""
        long = self.effects.filter(pl.col("duration") > 1)
        found = []
        for (offset, duration), part in long.group_by("offset", "duration", maintain_order=True):
            first, days = int(str(offset)), int(str(duration))
            until = None if days >= FOREVER else first + days
            found.append(Later(max(first, 1), self.matrix(part), until))
        return found

    @cached_property
    def takers(self) -> list[Matrix]:
        """What each class of takers takes at once (R, K), positive, those that give way first."""
        named = self.tasks.with_columns(
            tier=pl.when(pl.col("kind").is_in(["serve", "ease"]))
            .then(pl.col("other").str.split("/").list.get(0))
            .otherwise(pl.lit("elsewhere"))
        )
        takes = -self.at_once.minimum(0)
        classes = []
        for name in FIRST_TO_GIVE_WAY:
            chosen = sparse.diags((named["tier"] == name).to_numpy().astype(np.float64))
            classes.append(sparse.csr_matrix(takes @ chosen))
        return [part for part in classes if part.nnz]

    @cached_property
    def tolerance(self) -> Array:
        """Quantity of each resource below which nothing is missing (R, 1)."""
        return 1e-7 * self.network.resource_scale[:, None]

    @cached_property
    def resumes(self) -> tuple[Rows, Rows, Rows]:
        """Rows of unlocked lines, blocked lines and the capacity that they become, for each group with a measure."""
        found = self.tasks.filter(pl.col("kind") == "resume")["subject"]
        names = self.resources["resource"]
        unlocked, blocked, capacity = (
            rows_of(names, pl.select(pl.format(name + ":{}", found)).to_series())
            for name in ("unlocked", "blocked", "capacity")
        )
        return unlocked, blocked, capacity

    @cached_property
    def setups(self) -> tuple[Rows, Array]:
        """Rows of tasks that are set up for on each day they run, and what that costs [money]."""
        setups = self.tasks.join(
            self.network.tasks.with_columns(cost=pl.Series(self.network.cost))
            .filter(pl.col("kind") == "setup")
            .select("subject", "other", "cost"),
            on=["subject", "other"],
            how="inner",
            maintain_order="left",
        ).filter(pl.col("kind").is_in(["make", "release"]))
        return setups["row"].to_numpy(), setups["cost"].to_numpy()

    @cached_property
    def feeds(self) -> tuple[Rows, Rows]:
        """Rows of the stocks that give a flow every day, and of the flows."""
        feeds = self.network.feeds
        known = self.is_there[feeds["stock"].to_numpy()] & self.is_there[feeds["flow"].to_numpy()]
        return feeds["stock"].to_numpy()[known], feeds["flow"].to_numpy()[known]

    @cached_property
    def feed_share(self) -> Array:
        """Share that each feed gives on each day (F, T)."""
        stock = self.network.feeds["stock"].to_numpy()
        flow = self.network.feeds["flow"].to_numpy()
        return np.asarray(self.network.feed_share[self.is_there[stock] & self.is_there[flow]])

    @cached_property
    def aged(self) -> Aged | None:
        """What can expire; None: nothing does."""
        return Aged.of(self)

    @cached_property
    def may_wait(self) -> Array:
        """Most of each need that may wait at the end of each day (N, T) [units]."""
        store = self.network.store[self.need]
        return np.where(np.isfinite(store), store, 0.0)

    @cached_property
    def meets(self) -> Rows:
        """Number of the need that each task meets (K,); -1: it meets none."""
        found = np.full(self.tasks.height, -1, dtype=np.int64)
        met = self.at_once[self.need].tocoo()
        found[met.col] = met.row
        return found

    @cached_property
    def floors(self) -> tuple[Rows, Array, Array]:
        """Rows of the stocks that have a floor, the floor on each day (floors, T) [units], and the highest of each."""
        is_floor = (self.resources["what"] == "floor").to_numpy()
        feeds = self.network.feeds.filter(pl.Series(is_floor).gather(self.network.feeds["flow"]))
        least = -self.network.supply[feeds["flow"].to_numpy()]
        highest = np.maximum(least.max(axis=1, initial=0.0), 1e-9)
        return feeds["stock"].to_numpy(), least, highest

    @cached_property
    def patience(self) -> Rows:
        """How many days late each need may be met (N,) [days]."""
        key = ["item", "place", "tier"]
        most = self.case["needs"].filter(scenario=self.case.scenario).group_by(key).agg(pl.col("patience_days").max())
        found = self.needs.join(most, on=key, how="left", maintain_order="left")["patience_days"]
        return found.fill_null(0).to_numpy()

    @cached_property
    def needs(self) -> pl.DataFrame:
        """The needs: item, place, tier, weight (item's weight / total need of item and tier)."""
        total = self.network.supply[self.need].sum(axis=1)
        return (
            self.resources[self.need]
            .select("item", "place", tier="subject", total=pl.Series(total))
            .join(self.case["items"].select("item", item_weight="weight"), on="item", how="left", maintain_order="left")
            .with_columns(
                weight=pl.col("item_weight") / pl.col("total").sum().over("item", "tier"),
            )
        )
