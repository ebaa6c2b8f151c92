"""What addressees say of their directives: the one place where the story takes their steps."""

from __future__ import annotations

from datetime import date

from django.db.models import QuerySet

from mainstay.report.texts import Text
from mainstay_web.accounts.models import Organisation
from mainstay_web.directives.actions import accept_all, step
from mainstay_web.directives.machine import RUNNING, UNDECIDED
from mainstay_web.directives.models import Directive, Kind
from mainstay_web.stories.cast import Cast
from mainstay_web.stories.story import Story

LESS = Text("Demo: what was there allowed no more.", "演示：条件所限，未能全部完成。")
STOPS = Text("Demo: the main drive of the lines is broken; we need a new one.", "演示：产线主传动损坏，急需更换。")


def accept_orders(cast: Cast) -> int:
    """Every organisation accepts all that waits for it; how many directives that were."""
    waiting = Directive.objects.filter(state__in=UNDECIDED).values("addressee")
    organisations = Organisation.objects.filter(pk__in=waiting).order_by("path")
    return sum(accept_all(organisation=each, by=cast.speaks_for(each)) for each in organisations)


def running() -> QuerySet[Directive]:
    """Directives that their addressees work on."""
    return Directive.objects.filter(state__in=RUNNING).select_related("addressee", "issue__organisation").order_by("pk")


def report(cast: Cast, directive: Directive, done: float) -> None:
    """Say what is done in all so far."""
    step(directive=directive, name="report", by=cast.speaks_for(directive.addressee), done=done)


def finish(cast: Cast, directive: Directive, done: float, language: str) -> None:
    """Say that the order ends, and with what; why, where it is less than ordered."""
    note = "" if done >= directive.quantity else getattr(LESS, language)
    step(directive=directive, name="finish", by=cast.speaks_for(directive.addressee), done=done, note=note)


def block(cast: Cast, story: Story, until: date, language: str) -> list[Directive]:
    """The failing maker names its blocker for all that it was to make; ``until`` in the plan's calendar."""
    found = list(running().filter(addressee=cast.failing, kind=Kind.MAKE))
    for directive in found:
        step(
            directive=directive,
            name="block",
            by=cast.maker,
            blocker=story.blocker,
            share=story.share,
            until=until,
            note=getattr(STOPS, language),
        )
    return found
