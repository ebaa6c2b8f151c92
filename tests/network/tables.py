"""What each kind of task writes into the network, as text that a person can read and compare.

``python -m tests.network.tables`` writes the expected tables anew; do so only when the network is meant to change, and
read the difference.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field, replace
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import polars as pl
from tests.network.pages import kind_names, page_case, page_of

from mainstay.network import Network
from mainstay.network.builder import Builder
from mainstay.network.compile import STAGES
from mainstay.network.kinds import kinds
from mainstay.network.network import FOREVER
from mainstay.network.prune import drop_idle, useful_starts
from mainstay.tables import Case, read
from mainstay_cli.commands.plan import read_in_force

EXPECTED = Path(__file__).parent / "expected"

Names = dict[str, pl.DataFrame]
"""The rows that one kind of task wrote: names of tasks and resources, pairs of effects and feeds."""


@dataclass
class Recording(Builder):
    """A builder that remembers which kind of task wrote which rows."""

    kind: str = ""
    written: dict[str, dict[str, list[pl.DataFrame]]] = field(
        default_factory=lambda: defaultdict(lambda: defaultdict(list))
    )

    def _note(self, table: str, frame: pl.DataFrame, *columns: str) -> None:
        self.written[self.kind][table].append(frame.select(columns))

    def add_resources(self, frame, **profiles):
        self._note("resources", frame, "resource")
        super().add_resources(frame, **profiles)

    def add_tasks(self, frame, **profiles):
        self._note("tasks", frame, "task")
        super().add_tasks(frame, **profiles)

    def add_effects(self, frame):
        self._note("effects", frame, "task", "resource")
        super().add_effects(frame)

    def add_feeds(self, frame, share=None):
        self._note("feeds", frame, "stock", "flow")
        super().add_feeds(frame, share)


def record(case: Case, in_force: pl.DataFrame | None = None) -> tuple[Network, dict[str, Names]]:
    """The network of a case, and the names of the rows that each kind of task wrote."""
    builder = Recording(case, case.calendar, STAGES, in_force)
    everyone = list(zip(kind_names(), kinds(), strict=True))
    for builder.kind, kind in everyone:
        kind.add(case, builder)
    draft = builder.assemble()
    draft = replace(draft, upper=useful_starts(draft))
    for builder.kind, kind in everyone:
        if hasattr(kind, "finish"):
            kind.finish(case, builder, draft)
    network = builder.assemble()
    network.upper[: draft.tasks.height] = np.minimum(network.upper[: draft.tasks.height], draft.upper)
    names = {
        kind: {table: pl.concat(frames).unique() for table, frames in tables.items()}
        for kind, tables in builder.written.items()
    }
    return drop_idle(network), names


def _text(value: object) -> str:
    if value is None:
        return "-"
    if isinstance(value, float):
        return f"{round(value, 6):g}"
    return "forever" if value == FOREVER else str(value)


def _profile(values: np.ndarray) -> str:
    """Values over the periods; one for all when they are equal."""
    short = [_text(float(value)) for value in values]
    return short[0] if len(set(short)) == 1 else " ".join(short)


def _aligned(title: str, frame: pl.DataFrame) -> list[str]:
    cells = [frame.columns, *[[_text(value) for value in row] for row in sorted(frame.rows(), key=str)]]
    widths = [max(len(row[i]) for row in cells) for i in range(len(frame.columns))]
    lines = ["  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in cells]
    return [f"[{title}]", *lines, ""]


def kind_tables(network: Network, names: Names) -> str:
    """The rows of one kind of task in the network, as aligned text: resources, tasks, effects, feeds."""
    stages = np.array([*network.stages, ""])
    resource, task = network.resources["resource"], network.tasks["task"]
    tables = {
        "resources": network.resources.select("resource", "kind").with_columns(
            supply=pl.Series([_profile(row) for row in network.supply]),
            store=pl.Series([_profile(row) for row in network.store]),
            holding_penalty=pl.Series(network.holding_penalty),
            stage=pl.Series(stages[network.holding_stage]),
        ),
        "tasks": network.tasks.select("task", "kind", whole="is_whole").with_columns(
            upper=pl.Series([_profile(row) for row in network.upper]),
            cost=pl.Series(network.cost),
            penalty=pl.Series(network.penalty),
            stage=pl.Series(stages[network.stage]),
        ),
        "effects": network.effects.with_columns(
            task=task[network.effects["task"].to_numpy()], resource=resource[network.effects["resource"].to_numpy()]
        ).select("task", "resource", "offset", "duration", "amount"),
        "feeds": pl.DataFrame(
            {
                "stock": resource[network.feeds["stock"].to_numpy()],
                "flow": resource[network.feeds["flow"].to_numpy()],
                "share": [_profile(row) for row in network.feed_share],
            },
            schema_overrides={"share": pl.String},
        ),
    }
    lines = []
    for title, frame in tables.items():
        if title in names:
            mine = frame.join(names[title], on=names[title].columns, how="semi")
            lines += _aligned(title, mine) if mine.height else []
    return "\n".join(lines)


def page_tables(kind: str) -> str:
    """What a kind of task writes for the case of its page."""
    with TemporaryDirectory() as folder:
        case = read(page_case(page_of(kind), Path(folder)))
        former = Path(folder) / "yesterday"
        network, names = record(case, read_in_force(former) if former.exists() else None)
    return kind_tables(network, names.get(kind, {}))


if __name__ == "__main__":
    for kind in kind_names():
        (EXPECTED / f"{kind}.txt").write_text(page_tables(kind), encoding="utf-8")
