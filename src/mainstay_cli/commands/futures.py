"""``mainstay futures``: draw what may come, and keep the few futures that stand for all."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from mainstay_cli import options
from mainstay_cli.exits import DONE
from mainstay_cli.paths import refuse_to_overwrite
from mainstay_cli.progress import progress_bar
from mainstay_cli.reading import read_case
from mainstay_cli.words import plural, share

if TYPE_CHECKING:
    from mainstay.prepare import Reduction, Sample


@click.command(
    "futures",
    epilog="""\b
Example:
  mainstay futures my-case --out my-futures
  mainstay futures my-case --number 5000 --keep 100 --seed 1 --out my-futures
  mainstay prepare my-futures --budget 50e6 --out ready

\b
Exit codes: 0 done; 1 the case has errors; 2 wrong use.""",
)
@options.CASE
@click.option(
    "--out", metavar="DIR", required=True, type=click.Path(path_type=Path), help="Folder for the case with its futures."
)
@click.option(
    "--number",
    type=click.IntRange(min=1),
    default=1000,
    show_default=True,
    help="Futures drawn, as many of each event.",
)
@click.option("--keep", type=click.IntRange(min=1), default=50, show_default=True, help="Futures that stand for all.")
@click.option(
    "--seed", type=click.IntRange(min=0), default=0, show_default=True, help="Of the draws; same seed, same futures."
)
@click.option(
    "--pool",
    type=click.Choice(["linear", "geometric"]),
    default="linear",
    show_default=True,
    help="How the judgements of experts are pooled, where the case has any.",
)
@click.option("--horizon", help='Periods of each future, as in "14x1 6x7".')
@options.AS_OF
@options.AS_JSON
@options.FORCE
def command(
    case: Path,
    out: Path,
    number: int,
    keep: int,
    seed: int,
    pool: str,
    horizon: str | None,
    as_of: datetime | None,
    as_json: bool,
    force: bool,
) -> int:
    """Draw what may come in CASE from its events, and write the case with the futures that stand for all to DIR.

    Each future has its own needs and losses and a weight. A case without the table events takes the
    library: mild and severe respiratory outbreaks, cholera, closed borders, a chemical accident, a flood.
    """
    from mainstay import tables
    from mainstay.prepare import reduce_futures, sample_futures
    from mainstay.prepare.events import with_library

    refuse_to_overwrite(out, force=force)
    content = read_case(case, as_of=as_of, horizon=horizon)
    content = with_library(content)
    with progress_bar("Drawing"):
        sample = sample_futures(content, number, seed=seed, pool=pool)  # type: ignore[arg-type]
        found = reduce_futures(sample, min(keep, len(sample)))
        tables.write(found.futures.into(content), out)
    answer = _answer(sample, found)
    if as_json:
        click.echo(json.dumps(answer, ensure_ascii=False, indent=2))
    else:
        _show(answer, out)
    return DONE


def _answer(sample: Sample, found: Reduction) -> dict[str, Any]:
    events: dict[str, dict[str, Any]] = {}
    for event, weight in zip(sample.events, sample.weights.tolist(), strict=True):
        counts = events.setdefault(event, {"weight": 0.0, "drawn": 0, "kept": 0})
        counts["weight"] += weight
        counts["drawn"] += 1
    for event in found.futures.events:
        events[event]["kept"] += 1
    return {
        "drawn": len(sample),
        "kept": len(found.futures),
        "error": found.error,
        "share_left": found.share_left,
        "events": [{"event": event, **counts} for event, counts in events.items()],
    }


def _show(answer: dict[str, Any], out: Path) -> None:
    from mainstay_cli.screen import console, grid

    screen = console()
    screen.print()
    screen.print(
        f"{plural(answer['kept'], 'future')} for {answer['drawn']:,}: figures differ by {share(answer['error'])} of a "
        f"typical one, {share(answer['share_left'])} of what one future alone would leave."
    )
    view = grid("What may come", "event", "weight", "drawn", "kept", right=("weight", "drawn", "kept"))
    for event in answer["events"]:
        view.add_row(event["event"], share(event["weight"]), f"{event['drawn']:,}", f"{event['kept']:,}")
    screen.print(view)
    click.echo(f"Case: {out} (mainstay prepare {out})")
