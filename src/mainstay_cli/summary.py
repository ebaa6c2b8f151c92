"""A plan in one screen: the situation, what to do today, how far to trust it, where the files are."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

import click

from mainstay_cli.words import amount, plural, share

if TYPE_CHECKING:
    from rich.console import Console

    from mainstay.plan import Plan, ScenarioPlans

SHOWN = 5
"""Actions shown of each kind; the report has all of them."""

GROUPS = {
    "do_convert": "Convert and set up lines",
    "do_license": "License",
    "do_unlock": "Take measures",
    "do_import": "Order abroad",
    "do_reserve": "Release reserves",
    "do_ease": "Use more sparingly",
    "do_ship": "Ship",
    "do_make": "Make",
    "do_release": "Put into release",
}
"""What to do today, by the report's groups of actions."""


def show(plan: Plan | ScenarioPlans, folder: Path, *, gap: float, report: bool, briefing: bool = False) -> None:
    """Print a plan, or the plans for several scenarios, for a person; ``gap`` : as it was asked for."""
    from mainstay.plan import Plan

    if isinstance(plan, Plan):
        show_plan(plan, folder, gap=gap, report=report, briefing=briefing)
    else:
        show_scenarios(plan, folder, gap=gap)


def show_scenarios(plans: ScenarioPlans, folder: Path, *, gap: float) -> None:
    """Print how each scenario fares and what all of them do today, or why they are no plans."""
    from mainstay_cli.screen import console, grid

    if not plans.ok:
        for name, plan in plans.plans.items():
            if not plan.check.ok:
                show_failed_check(plan, folder / name)
        return
    screen = console()
    plan = next(iter(plans.plans.values()))
    fills = plans.fill_rates
    tiers = fills["tier"].unique().sort().to_list()
    view = grid("Share of needs met, mean over items", "scenario", "weight", *tiers, right=("weight", *tiers))
    for name, weight in plans.weights.items():
        mine = dict(fills.filter(scenario=name).select("tier", "fill_rate").iter_rows())
        view.add_row(name, share(weight), *(share(mine[tier]) if tier in mine else "" for tier in tiers))
    screen.print()
    screen.print(plan.case.title or "Plan", style="bold")
    show_stocks(screen, plan)
    screen.print(view)
    if plans.common_days:
        show_today(screen, plan, leave_out=("do_ease",))
        screen.print(
            "Where use becomes more sparing follows what comes, and is in the plan of each scenario: what it saves "
            "depends on how many people there are.",
        )
    show_proof(screen, plan, gap)
    screen.print()
    screen.print(
        f"Now:      {folder / 'now.csv'} (the decisions up to day {plans.common_days}, in every scenario)",
        soft_wrap=True,
    )
    screen.print(f"Plans:    {', '.join(str(folder / name) for name in plans.plans)}", soft_wrap=True)


def show_plan(plan: Plan, folder: Path, *, gap: float, report: bool, briefing: bool = False) -> None:
    """Print the plan for a person, or why it is no plan."""
    from mainstay_cli.screen import console

    screen = console()
    if not plan.check.ok:
        show_failed_check(plan, folder)
        return
    screen.print()
    screen.print(plan.case.title or "Plan", style="bold")
    show_stocks(screen, plan)
    show_situation(screen, plan)
    show_today(screen, plan)
    show_proof(screen, plan, gap)
    show_files(screen, folder, report=report, briefing=briefing)


def show_stocks(screen: Console, plan: Plan) -> None:
    """Of which day the opening stocks are, where it is not the first day of the plan."""
    from mainstay.report.situation import stocks_line

    for line in stocks_line(plan):
        screen.print(line.en)


def show_situation(screen: Console, plan: Plan) -> None:
    """The report's own lines about what runs short, where, why, until when."""
    from mainstay.report.situation import situation

    for line in situation(plan):
        show_item(screen, line.en)


def show_today(screen: Console, plan: Plan, leave_out: tuple[str, ...] = ()) -> None:
    """The decisions of the first day, a few of each kind."""
    from mainstay.report.actions import actions_of_today

    screen.print()
    screen.print("What to do today", style="bold")
    for group in actions_of_today(plan):
        if not group.actions or group.key in leave_out:
            continue
        screen.print(GROUPS.get(group.key, group.key), style="underline")
        for action in group.actions[:SHOWN]:
            show_item(screen, action.text.en + (f" ({action.note.en})" if action.note.en else ""))
        if len(group.actions) > SHOWN:
            show_item(screen, f"and {len(group.actions) - SHOWN:,} more")


def show_item(screen: Console, text: str) -> None:
    """One line of a list; what does not fit hangs under its first word."""
    from rich.padding import Padding
    from rich.table import Table

    line = Table.grid(padding=(0, 1))
    line.add_row("-", without_marks(text))
    screen.print(Padding(line, (0, 0, 0, 1)))


def show_proof(screen: Console, plan: Plan, gap: float) -> None:
    """Value, bound and gap of each stage; what the check walked; how long it took."""
    from mainstay_cli.screen import grid

    view = grid("How far to trust it", "stage", "value", "bound", "gap", right=("value", "bound", "gap"))
    for stage in plan.stages:
        if stage.reached and stage.value == stage.bound == 0:
            continue
        proof = (amount(stage.bound), share(stage.gap)) if stage.reached else ("", "not reached")
        view.add_row(stage.stage, amount(stage.value), *proof)
    screen.print()
    screen.print(view)
    at_zero = [s.stage for s in plan.stages if s.reached and s.value == s.bound == 0]
    if at_zero:
        screen.print(f"Nothing left to improve, or nothing asked for, in: {', '.join(at_zero)}.")
    screen.print(
        "Each stage is made as small as can be while the earlier ones keep what they won; nothing is below its bound. "
        "Fairness is less the sum of each item's smallest share met."
    )
    rows = sum(plan.check.rows_walked.values())
    screen.print(
        f"Status: {plan.status}{_above(plan, gap)}. Check: {plural(rows, 'row')} walked by "
        f"{plural(len(plan.check.rules), 'rule')}, no violation. "
        f"{plan.solution.columns:,} columns, {sum(plan.seconds.values()):.1f} seconds."
    )


def _above(plan: Plan, gap: float) -> str:
    """How an open gap compares with the one asked for."""
    return f" (above the {100 * gap:g} % asked)" if plan.status == "gap open" else ""


def show_files(screen: Console, folder: Path, *, report: bool, briefing: bool) -> None:
    """Where everything is."""
    screen.print()
    if report:
        screen.print(f"Report:   {folder / 'report.html'} (open it in a browser)", soft_wrap=True)
        screen.print(f"Workbook: {folder / 'results.xlsx'}", soft_wrap=True)
    if briefing:
        screen.print(f"Briefing: {folder / 'briefing.pdf'}, {folder / 'briefing-zh.pdf'}", soft_wrap=True)
    screen.print(f"Tables:   {folder} (CSV)", soft_wrap=True)


def show_failed_check(plan: Plan, folder: Path) -> None:
    """Say on standard error which rules the result breaks; it is not shown as a plan."""
    violations = plan.check.violations
    for violation in violations[:20]:
        click.echo(f"{violation}", err=True)
    if len(violations) > 20:
        click.echo(f"... and {len(violations) - 20:,} more.", err=True)
    click.echo(
        f"The check found {plural(len(violations), 'violation')}, so this is no plan; all are in "
        f"{folder / 'violations.csv'}. This is a fault of Mainstay: please report it with the case.",
        err=True,
    )


def without_marks(text: str) -> str:
    """The text without the report's marks of emphasis.

    >>> without_marks("*Masks* are short")
    'Masks are short'
    """
    return re.sub(r"\*(.+?)\*", r"\1", text)
