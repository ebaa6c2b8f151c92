"""``mainstay stress``: find what would break the supply of a case."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from mainstay.errors import UsageError
from mainstay_cli import options
from mainstay_cli.exits import DONE
from mainstay_cli.paths import refuse_unless_stress
from mainstay_cli.processes import processes
from mainstay_cli.progress import Show, progress_bar
from mainstay_cli.reading import read_case
from mainstay_cli.words import amount, plural, share

if TYPE_CHECKING:
    from mainstay.stress import Blow, Disruption, Hardening, Model, Stress, Study, Target
    from mainstay.tables import Case

USUAL_DAYS = 14
"""Days of a loss unless told otherwise, or the whole horizon where it is shorter."""
MOST_SHOWN = 10
"""Exposures in the summary."""
ALL_KINDS = ("enterprise", "owner", "region", "lane", "source")
NAMED_KINDS = ("enterprise", "region", "lane", "item", "source", "owner", "pool")


def _names(kind: str, text: str) -> options.Declaration:
    return click.option(f"--{kind}", kind, metavar="NAME", multiple=True, help=f"{text}; may be repeated.")


@click.command(
    "stress",
    epilog="""\b
Example:
  mainstay stress my-case --all --out my-stress
  mainstay stress my-case --region hubei --days 21 --ramp 7 --out lockdown
  mainstay stress my-case --enterprise lianhe --lane west_road --together --out both
  mainstay stress my-case --all --reverse --target 0.9 --workers 2 --out worst

\b
Exit codes: 0 done; 1 the case has errors; 2 wrong use.""",
)
@options.CASE
@options.out("Folder for stress.html, stress.xlsx, the tables and stress.json.")
@click.option(
    "--all", "everything", is_flag=True, help="Every enterprise, owner, region and port, lane, import source."
)
@_names("enterprise", "This enterprise: all its lines")
@_names("region", "This region or port: what is made there, lands there and leaves it")
@_names("lane", "This lane")
@_names("item", "All sources of this item: its makers and its offers abroad")
@_names("source", "This import source")
@_names("owner", "All enterprises of this owner")
@_names("pool", "This pool: reviewers, slots, a budget")
@click.option("--together", is_flag=True, help="All that is named is lost at once, not one after the other.")
@click.option("--pairs", metavar="N", type=click.IntRange(min=2), help="Also every two of the N heaviest at once.")
@click.option(
    "--days", metavar="N", type=float, help="How long it is lost. Default: 14, or the horizon where that is shorter."
)
@click.option("--share", "lost_share", type=float, default=1.0, show_default=True, help="Share of it that is lost.")
@click.option("--from-day", metavar="N", type=int, default=0, show_default=True, help="First lost day, the first is 0.")
@click.option("--ramp", metavar="N", type=float, default=0.0, show_default=True, help="Days over which it comes back.")
@click.option("--no-survival", is_flag=True, help="Do not look for how long each is survived, which takes most time.")
@click.option("--reverse", is_flag=True, help="Find the smallest blow that pushes vital fill below the target.")
@click.option(
    "--target", type=float, default=0.9, show_default=True, help="With --reverse: share of vital need, 0 to 1."
)
@click.option(
    "--probabilities",
    metavar="FILE",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="With --reverse: CSV with kind, name, probability; the likeliest blow of these, not the smallest.",
)
@options.plan_of("Folder of a plan of this case: its report.html is written anew, with the ranking and the blow.")
@click.option("--workers", metavar="N", type=click.IntRange(min=1), default=1, show_default=True, help="Processes.")
@options.SCENARIO
@options.AS_OF
@options.HORIZON
@options.AS_JSON
@options.FORCE
def command(
    case: Path,
    out: Path,
    everything: bool,
    together: bool,
    pairs: int | None,
    days: float | None,
    lost_share: float,
    from_day: int,
    ramp: float,
    no_survival: bool,
    reverse: bool,
    target: float,
    probabilities: Path | None,
    planned: Path | None,
    workers: int,
    scenario: str | None,
    as_of: datetime | None,
    horizon: str | None,
    as_json: bool,
    force: bool,
    **named: tuple[str, ...],
) -> int:
    """Find what would break the supply of CASE, a folder or a workbook, and write it to DIR.

    What need is lost when something is lost for some days though all others do their best, how long
    each loss is survived, the smallest blow that breaks us, and the cheapest things to have ready.
    """
    from mainstay.report import write_stress_page, write_stress_workbook
    from mainstay.stress import Study, make_model, stress
    from mainstay.stress import pairs as pairs_of

    if probabilities is not None and not reverse:
        raise UsageError("--probabilities are for the likeliest blow. Add --reverse.")
    if not 0 < target <= 1:
        raise UsageError(f"--target is a share of need above 0 and at most 1; found {target:g}.")
    refuse_unless_stress(out, force=force)
    if planned is not None and not (planned / "plan.json").is_file():
        raise UsageError(f"{planned} holds no plan: plan.json is missing. Name a folder that `mainstay plan` wrote.")
    content = read_case(case, as_of=as_of)
    model = make_model(content, scenario=scenario, horizon=horizon)
    targets = _selected(model, everything, named)
    lasting = min(USUAL_DAYS, model.network.calendar.num_days - from_day) if days is None else days
    disruptions = _disruptions(targets, together, lasting, lost_share, from_day, ramp)
    with processes(workers) as executor, progress_bar("Stressing") as show:

        def exposed(wanted: Sequence[Disruption]) -> Stress:
            return stress(
                model,
                wanted,
                survival=not no_survival,
                executor=executor,
                workers=workers,
                progress=lambda done, of: show("disruptions", done, of),
                note=lambda note: show("undisturbed", 1, 1, note),
            )

        found = exposed(disruptions)
        if pairs is not None:
            found = exposed([*disruptions, *pairs_of(found, pairs)])
    weights = _weights(model, probabilities) if probabilities else None
    blow, hardening = None, None
    if reverse:
        may_fail = targets if weights is None else [each for each in targets if each in weights]
        with progress_bar("Reverse stress") as show:
            blow, hardening = _reverse(model, may_fail, target, lasting, lost_share, from_day, weights, show)
    study = Study(found, blow, hardening, weights)
    with progress_bar("Writing"):
        study.write(out)
        write_stress_page(study, out / "stress.html")
        write_stress_workbook(study, out / "stress.xlsx")
        if planned is not None:
            _add_to_report(study, content, planned)
    if as_json:
        told = study.to_json() | {"tables": {name: frame.to_dicts() for name, frame in study.tables.items()}}
        click.echo(json.dumps(told, ensure_ascii=False, indent=2))
    else:
        _show(study, out)
    return DONE


def _add_to_report(study: Study, case: Case, folder: Path) -> None:
    """Write the report of a plan anew, with what stress found."""
    from mainstay.plan import read_plan
    from mainstay.report import write_report

    plan = read_plan(folder, case, as_planned=True)
    write_report(plan, folder / "report.html", chain=plan.chain, stress=study)


def _selected(model: Model, everything: bool, named: dict[str, tuple[str, ...]]) -> list[Target]:
    from mainstay.stress import find_targets
    from mainstay.stress.disruption import names

    targets = [target for kind in NAMED_KINDS for target in find_targets(model.case, kind, named.get(kind, ()))]
    if everything:
        targets += [target for kind in ALL_KINDS for target in find_targets(model.case, kind, names(model.case, kind))]
    if not targets:
        raise UsageError("Nothing is selected. Name what is lost (--enterprise, --region, --lane ...), or give --all.")
    return sorted(set(targets))


def _disruptions(
    targets: Sequence[Target], together: bool, days: float, lost: float, first_day: int, ramp: float
) -> list[Disruption]:
    from mainstay.stress import Disruption

    groups = [tuple(targets)] if together else [(target,) for target in targets]
    return [Disruption(group, days, lost, first_day, ramp) for group in groups]


def _reverse(
    model: Model,
    targets: Sequence[Target],
    target: float,
    days: float,
    lost: float,
    first_day: int,
    weights: dict[Target, float] | None,
    show: Show,
) -> tuple[Blow, Hardening | None]:
    from mainstay.stress import Bench, harden, make_model, smallest_blow

    vital = make_model(model.case, weights={"vital": 1.0})
    blow = smallest_blow(
        Bench(vital),
        targets,
        target=target,
        days=days,
        share=lost,
        first_day=first_day,
        weights=weights,
        progress=lambda rounds, bound, best: show(f"round {rounds}", 1, 1, f"between {bound:g} and {best:g}"),
    )
    if blow.disruption is None:
        return blow, None
    show("hardening", 1, 1)
    return blow, harden(vital, blow.disruption, target=target)


def _weights(model: Model, path: Path) -> dict[Target, float]:
    """Minus the logarithm of each probability: the least sum is the likeliest set, when they fail independently."""
    import math

    import polars as pl

    from mainstay.stress import find_targets

    try:
        frame = pl.read_csv(path).select("kind", "name", pl.col("probability").cast(pl.Float64))
    except pl.exceptions.PolarsError as error:
        raise UsageError(f"{path} cannot be read: {error}. Give the columns kind, name, probability.") from error
    weights = {}
    for kind, name, probability in frame.iter_rows():
        if probability is None or not 0 < probability < 1:
            raise UsageError(
                f"{path}: {kind} {name} fails with a probability above 0 and below 1; found {probability}."
            )
        weights[find_targets(model.case, kind, [name])[0]] = -math.log(probability)
    return weights


def _show(study: Study, out: Path) -> None:
    """Print what matters most for a person."""
    from mainstay_cli.screen import console, grid

    screen = console()
    found = study.exposures
    table = study.tables["exposures"]
    harmful = table.filter(table["loss"] > 0)
    screen.print()
    screen.print(study.case.title or "Stress", style="bold")
    screen.print(
        f"{plural(table.height, 'disruption')}: {harmful.height:,} last longer than they are survived "
        f"and cost need. Undisturbed, {share(1 - found.undisturbed / found.all_lost) if found.all_lost else 'all'} "
        "of the weighted need is met."
    )
    numbers = ("rank", "need lost", "index", "survived, days")
    view = grid("What costs most", "rank", "kind", "what is lost", *numbers[1:], "worst", right=numbers)
    for row in harmful.head(MOST_SHOWN).iter_rows(named=True):
        survived = "" if row["survive_days"] is None else amount(row["survive_days"])
        worst = " in ".join(part for part in (row["worst_item"], row["worst_place"]) if part)
        index = f"{row['index']:.2f}"
        view.add_row(str(row["rank"]), row["kind"], row["label"], share(row["loss_share"]), index, survived, worst)
    if harmful.height:
        screen.print(view)
    for line in _told(study):
        screen.print(line)
    click.echo(f"Page: {out / 'stress.html'}  Tables: {out / 'stress.xlsx'} and CSV")


def _told(study: Study) -> Iterator[str]:
    """The blow and the hardening, in words."""
    blow, hardening = study.blow, study.hardening
    if blow is None:
        return
    if not blow.is_needed:
        yield f"Vital fill is below {share(blow.target)} without any blow: {share(blow.undisturbed)}."
        return
    if blow.disruption is None:
        yield (
            f"Even all {blow.candidates} together do not push vital fill below {share(blow.target)}: "
            f"{share(blow.fill_rate)} is left."
        )
        return
    labels = " and ".join(study.tables["blow"]["label"])
    proof = "proven smallest" if blow.gap == 0 else f"gap {share(blow.gap)}"
    rounds = plural(blow.rounds, "round")
    yield f"Smallest blow: {labels}. Vital fill falls to {share(blow.fill_rate)} ({proof}, {rounds})."
    if hardening is None:
        return
    if not hardening.is_enough:
        yield f"What the case prices cannot repair it: at best {share(hardening.possible)} is met."
        return
    yield f"Cheapest hardening: {amount(hardening.cost)} {study.case.currency}."
    for text in study.tables["hardening"]["text"].head(5):
        yield f"  {text}"
