"""The platform that the browser tests open: the demo of the tiny case, its plan in force, and another to decide on."""

from __future__ import annotations

IN_FORCE, TO_DECIDE = "Tiny: two areas, five days", "Plan to decide on"
PREPARED = "Mask reserve"
EXERCISE = "Agreed in the morning meeting"


def make() -> None:
    """Fill an empty platform."""
    from django.core.management import call_command
    from tests.web import services_world

    from mainstay_web.accounts.models import Organisation, Person
    from mainstay_web.directives.actions import issue_directives
    from mainstay_web.operations import demo_desks
    from mainstay_web.planning import actions as planning
    from mainstay_web.planning.models import Run
    from mainstay_web.replaying.actions import Asked, start_exercise, start_replay

    call_command("demo", case="tiny", no_serve=True)
    first = Run.objects.get()
    planning.start_run(
        organisation=first.organisation,
        snapshot=first.snapshot,
        title=TO_DECIDE,
        horizon=first.horizon,
        needs=first.needs,
        by=None,
    )
    _prepare(first.organisation)
    head = Person.objects.get(username="demo-head")
    for begin in (start_replay, start_exercise):
        asked = Asked(["cover", "foresight"])
        begin(organisation=first.organisation, snapshot=first.snapshot, title=EXERCISE, asked=asked, by=head)
    call_command("worker", once=True)
    planning.decide(run=first, verdict=Run.Verdict.APPROVED, reason="Agreed in the morning meeting.", by=head)
    issue_directives(run=first, by=head)
    _keep_ready(head)
    _follow()
    services_world.add_port(first.organisation)
    demo_desks.arrive(services_world.OFFER, Organisation.objects.get(enterprise="maskworks"))


def _prepare(office: object) -> None:
    """A preparation of the tiny case for four budgets, by the system."""
    from tests.web.ready_world import BUDGET, ready_tiny

    from mainstay_web.planning.cases import take_snapshot_of
    from mainstay_web.preparing.actions import start_preparation

    snapshot = take_snapshot_of(ready_tiny(), organisation=office, by=None)
    said = {"organisation": office, "snapshot": snapshot, "title": PREPARED, "by": None}
    start_preparation(**said, budget=BUDGET, others=[0.0, 100.0, 200.0], hold_out=0.4)


def _keep_ready(head: object) -> None:
    """The design of the budget asked for, in force."""
    from mainstay_web.preparing.actions import decide
    from mainstay_web.preparing.models import Design

    decide(
        design=Design.objects.get(is_asked=True), verdict="approved", reason="Agreed in the morning meeting.", by=head
    )


def _follow() -> None:
    """Something of each kind that pages of directives and of supervision show."""
    from datetime import timedelta

    from django.utils import timezone

    from mainstay_web.accounts.models import Person
    from mainstay_web.directives.actions import add_outlet, step
    from mainstay_web.directives.models import Directive
    from mainstay_web.supervision.actions import mention

    head = Person.objects.get(username="demo-head")
    suits = Directive.objects.get(key="make:suit")
    Directive.objects.filter(pk=suits.pk).update(due_at=timezone.now() - timedelta(days=2))
    mention(office=suits.issue.organisation, organisation=suits.addressee, kind="warning", by=head)
    hospital = Person.objects.get(username="demo-hospital")
    arrival = Directive.objects.filter(kind="arrive", item="suit").get()
    step(directive=arrival, name="object", by=hospital, note="Agreed in the morning meeting.")
    add_outlet(organisation=arrival.addressee, channel="email", address="desk@clinic.example", by=hospital)
