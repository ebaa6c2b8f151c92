"""What the office does: plans through the queue, has them approved, issues directives, answers, plans anew, judges."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date

from mainstay.errors import MainstayError
from mainstay.report.texts import Text
from mainstay.tables import Case
from mainstay_web.directives.actions import issue_directives, start_replan, step
from mainstay_web.directives.models import Directive, Issue, State
from mainstay_web.directives.orders import span
from mainstay_web.jobs import queue
from mainstay_web.jobs.kinds import Say, say_nothing
from mainstay_web.jobs.management.commands.work_on import work_on
from mainstay_web.planning import actions as planning
from mainstay_web.planning import cases
from mainstay_web.planning.models import Run
from mainstay_web.stories.cast import Cast
from mainstay_web.stories.story import Story
from mainstay_web.supervision import actions as supervision
from mainstay_web.supervision.facts import Standing, standings
from mainstay_web.supervision.models import Mention

LEASE = 3600.0
"""Seconds until the work of the story counts as lost: it renews no lease, and works alone."""
AGREED = Text("Demo: agreed in the morning meeting.", "演示：晨会商定。")
HELP = Text("Demo: a fitter and a drive are sent from the next province.", "演示：已从邻省调派技工和部件。")
FACTS = Text("Demo: by the facts of the ten days.", "演示：依据十天的事实。")


class NoPlan(MainstayError):  # noqa: N818 (said as what is missing)
    """A run of the story gave no plan."""


def plan(cast: Cast, story: Story, title: str, say: Say = say_nothing) -> Run:
    """Plan the case as the register and the reports stand, through the queue."""
    snapshot = cases.take_snapshot(organisation=cast.office, by=cast.analyst)
    case = cases.read_snapshot(snapshot.folder)
    run = planning.start_run(
        organisation=cast.office,
        snapshot=snapshot,
        title=title,
        horizon=story.horizon,
        needs=case.scenario,
        as_of=case.start,
        gap=story.gap,
        by=cast.analyst,
    )
    return work_off(run, say)


def plan_anew(cast: Cast, stands: Case, title: str, say: Say = say_nothing) -> Run:
    """Plan anew, from where all stands that morning, with what is blocked as it was reported, through the queue."""
    snapshot = cases.take_snapshot_of(stands, organisation=cast.office, by=cast.analyst, title=title)
    run, _untold = start_replan(office=cast.office, by=cast.analyst, snapshot=snapshot)
    return work_off(run, say)


def work_off(run: Run, say: Say) -> Run:
    """Do what waits in the queue until the run is done, as a worker does it.

    Raises
    ------
    NoPlan : the run has failed; says why
    """
    while (job := queue.claim("story", LEASE)) is not None:
        work_on(job.kind, job.pk, job.attempt, job.worker, say=say)
    run.refresh_from_db()
    if run.state != Run.State.DONE:
        raise NoPlan(f'The plan "{run}" was not made: {run.reason or run.state}.')
    return run


def approve(cast: Cast, run: Run, language: str) -> None:
    """Somebody else than who started the plan approves it."""
    planning.decide(run=run, verdict=Run.Verdict.APPROVED, reason=getattr(AGREED, language), by=cast.head)
    run.refresh_from_db()


def issue(cast: Cast, story: Story, run: Run) -> Issue:
    """Turn the plan in force into directives."""
    return issue_directives(run=run, by=cast.analyst, days=story.issue_days)


def help_blocked(cast: Cast, language: str) -> int:
    """Answer each request for help that has no answer; how many there were."""
    asked = Directive.objects.filter(issue__organisation=cast.office, state=State.BLOCKED, is_answered=False)
    found = list(asked.select_related("addressee", "issue__organisation"))
    for directive in found:
        step(directive=directive, name="help", by=cast.head, note=getattr(HELP, language))
    return len(found)


def judge(cast: Cast, language: str) -> list[Mention]:
    """List the one that did best and all who are to be warned, each with its facts."""
    found = standings(Directive.objects.filter(issue__organisation=cast.office))
    best = sorted((each for each in found if each.merits), key=lambda each: -len(each.judged))[:1]
    listed = [(each, Mention.Kind.COMMENDATION) for each in best]
    listed += [(each, Mention.Kind.WARNING) for each in found if each.faults]
    return list(_mention(cast, listed, language))


def _mention(cast: Cast, listed: Iterable[tuple[Standing, str]], language: str) -> Iterator[Mention]:
    for standing, kind in listed:
        yield supervision.mention(
            office=cast.office,
            organisation=standing.organisation,
            kind=kind,
            by=cast.head,
            note=getattr(FACTS, language),
        )


def first_day(run: Run) -> date:
    """The first day of a plan, in its own calendar."""
    return span(run.results)[0]
