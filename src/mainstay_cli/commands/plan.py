"""``mainstay plan``: plan a case, check the plan, say what to do."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING, Any

import click

from mainstay.errors import DataError, UsageError
from mainstay_cli import options
from mainstay_cli.exits import DONE, FINDINGS
from mainstay_cli.paths import refuse_unless_plan
from mainstay_cli.progress import progress_bar
from mainstay_cli.reading import read_case

if TYPE_CHECKING:
    import polars as pl

    from mainstay.plan import Plan, ScenarioPlans


@click.command(
    "plan",
    epilog="""\b
Example:
  mainstay plan my-case --out my-plan
  mainstay plan my-case --out my-plan --horizon "7x1 4x7" --scenario worse
  mainstay plan my-case --out today --in-force yesterday --json
  mainstay plan my-case --out then --as-of 2020-02-03
  mainstay plan my-case --out my-plan --briefing
  mainstay plan my-case --out my-plans --scenarios mild,base,worse --common-days 3

\b
Exit codes: 0 done; 1 the case has errors, or no plan passes its check; 2 wrong use;
130 stopped with Ctrl-C before there was a plan. Ctrl-C while solving keeps the best plan found,
with its proven gap.""",
)
@options.CASE
@options.out("Folder for the result tables, report.html and results.xlsx.")
@options.HORIZON
@click.option(
    "--scenario",
    help="Scenario instead of the case's: of the needs or, where they are derived, of the course, or median, path1, "
    "path2, path3.",
)
@options.AS_OF
@click.option(
    "--scenarios",
    metavar="NAMES",
    help="Plan on several scenarios at once, parted by commas: what is started in the first days is common to all. "
    "Derived needs have median and the joint paths path1, path2, path3; what-if scenarios of the course go too.",
)
@click.option(
    "--common-days",
    metavar="N",
    type=click.IntRange(min=0),
    help="With --scenarios: how many first days; else the case's frozen days, or the first period.",
)
@click.option(
    "--in-force",
    metavar="DIR",
    type=click.Path(path_type=Path),
    help="Folder of the plan in force: in the frozen days, keep to it as far as needs allow.",
)
@click.option(
    "--gap",
    type=float,
    default=0.01,
    show_default=True,
    help="Search for whole numbers stops at this proven gap, a share from 0 to 1.",
)
@click.option("--time-limit", metavar="SECONDS", type=float, help="Keep the best plan found by then.")
@click.option(
    "--seed", type=click.IntRange(min=0), default=0, show_default=True, help="Of the solver; same seed, same plan."
)
@click.option("--threads", type=click.IntRange(min=1), default=2, show_default=True, help="Of the solver.")
@click.option(
    "--reasons",
    type=click.Choice(["priced", "tried"]),
    default="priced",
    show_default=True,
    help="Tried: the heaviest reasons are solved again with a little more of what binds.",
)
@options.AS_JSON
@click.option(
    "--briefing",
    is_flag=True,
    help="Write briefing.pdf and briefing-zh.pdf too: the plan on two to four pages, to be signed.",
)
@click.option(
    "--fonts",
    metavar="DIR",
    envvar="MAINSTAY_FONTS",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="With --briefing: a folder of fonts for rare characters in names.",
)
@click.option("--no-report", is_flag=True, help="Write the tables only: no report.html, no results.xlsx.")
@options.FORCE
def command(
    case: Path,
    out: Path,
    horizon: str | None,
    scenario: str | None,
    as_of: datetime | None,
    scenarios: str | None,
    common_days: int | None,
    in_force: Path | None,
    gap: float,
    time_limit: float | None,
    seed: int,
    threads: int,
    reasons: str,
    as_json: bool,
    briefing: bool,
    fonts: Path | None,
    no_report: bool,
    force: bool,
) -> int:
    """Plan CASE, a folder or a workbook, and write the plan to DIR.

    The plan serves vital needs first and fairly, then the others, then is calm and cheap. It is
    checked by rules that know nothing of the solver; a plan that fails is not written as a plan.
    """
    from mainstay.plan import make_plan, plan_scenarios
    from mainstay.plan.why import with_reasons_tried
    from mainstay.solve import Options

    _refuse_mixed(scenario, scenarios, common_days)
    if scenarios is not None and reasons == "tried":
        raise UsageError(
            "--reasons tried is for a plan of one scenario. Explain the folder of one with mainstay explain."
        )
    if briefing:
        from mainstay.report.briefing import refuse_without_typst

        refuse_without_typst()
    refuse_unless_plan(out, force=force)
    options = Options(gap=gap, time_limit=time_limit, seed=seed, threads=threads)
    former = read_in_force(in_force) if in_force else None
    clock = perf_counter()
    try:
        content = read_case(case, as_of=as_of)
        reading = perf_counter() - clock
        with progress_bar("Planning") as progress:
            plan: Plan | ScenarioPlans
            if scenarios is None:
                plan = make_plan(
                    content,
                    scenario=scenario,
                    horizon=horizon,
                    in_force=former,
                    options=options,
                    progress=progress,
                )
                if reasons == "tried":
                    plan = with_reasons_tried(plan, options=options, progress=progress)
            else:
                plan = plan_scenarios(
                    content,
                    [name.strip() for name in scenarios.split(",")],
                    common_days=common_days,
                    horizon=horizon,
                    in_force=former,
                    options=options,
                    progress=progress,
                )
    except DataError as error:
        if as_json:
            click.echo(json.dumps(refusal(error), ensure_ascii=False, indent=2))
        raise
    plan.seconds["read"] = reading
    with progress_bar("Writing"):
        plan.write(out, report=not no_report, briefing=briefing, fonts=fonts)
    if as_json:
        click.echo(json.dumps(plan.to_json(), ensure_ascii=False, indent=2))
    else:
        from mainstay_cli.summary import show

        show(plan, out, gap=gap, report=not no_report, briefing=briefing)
    return DONE if plan.ok else FINDINGS


def _refuse_mixed(scenario: str | None, scenarios: str | None, common_days: int | None) -> None:
    if scenario is not None and scenarios is not None:
        raise UsageError("--scenario plans on one scenario, --scenarios on several. Give one of the two.")
    if common_days is not None and scenarios is None:
        raise UsageError("--common-days is for several scenarios. Name them with --scenarios.")


def refusal(error: DataError) -> dict[str, Any]:
    """For machines: that the case cannot be planned on, and every finding."""
    return {"status": "refused", "errors": len(error.findings.errors), "findings": error.findings.frame().to_dicts()}


def read_in_force(folder: Path) -> pl.DataFrame:
    """The decisions of an earlier plan, from the folder it was written to; those that several scenarios had in common.

    Raises
    ------
    UsageError : the folder holds no plan; says what is missing
    """
    import polars as pl

    from mainstay.tables import RESULT_TABLES
    from mainstay.tables.frames import conform, schema

    known = (folder / "decisions.csv", folder / "now.csv")
    file = next((path for path in known if path.is_file()), None)
    if file is None:
        raise UsageError(
            f"{folder} holds no plan: {known[0].name} is missing. Name a folder that `mainstay plan` wrote."
        )
    declared = RESULT_TABLES["decisions"]
    try:
        frame = pl.read_csv(file, schema_overrides=schema(declared))
    except pl.exceptions.PolarsError as error:
        raise UsageError(f"{file} cannot be read: {error}. Write the plan in force again.") from error
    return conform(declared, frame)
