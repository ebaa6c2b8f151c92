"""Starting a plan anew on the case as those who are blocked report it."""

from __future__ import annotations

from datetime import date

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import override

from mainstay_web.accounts.models import Organisation, Person
from mainstay_web.accounts.rights import require
from mainstay_web.accounts.templatetags.words import named
from mainstay_web.directives.models import Directive, Issue
from mainstay_web.directives.replan import about, changes_of, last_day, troubled
from mainstay_web.planning import actions as planning
from mainstay_web.planning.cases import read_snapshot
from mainstay_web.planning.models import Run, Snapshot
from mainstay_web.planning.queries import approved

TOLD = 50
"""Directives that the what-if names."""


@transaction.atomic
def start_replan(*, office: Organisation, by: Person, snapshot: Snapshot | None = None) -> tuple[Run, list[Directive]]:
    """Plan anew what the plan in force planned, with what is blocked or late put to what was reported.

    The blocks are a what-if on the plan in force, so that pages can compare the two; what that plan's own what-if said
    of other things stays, and the new plan keeps to the one in force where it can. Gives the run, and the directives
    whose blocks no table of the case can say.

    snapshot : the case as all stands today, to plan from today on; None: that of the plan in force, from its first day

    Raises
    ------
    PermissionDenied : no right to plan there
    ValidationError : no plan is in force, no directive was issued, or nothing of what is blocked can be planned anew
    """
    require(by, "plans.run", office)
    run, issue = approved(office), Issue.objects.filter(organisation=office).first()
    if run is None or issue is None:
        raise ValidationError(_("No plan is in force whose directives were issued."))
    stands = snapshot or run.snapshot
    case = read_snapshot(stands.folder)
    changes, untold = changes_of(list(troubled(office)), case, last_day(issue))
    anew = {about(change) for change in changes}
    before = [each for each in run.scenario.changes if about(each) not in anew] if run.scenario else []
    if not changes:
        raise ValidationError(_("Nothing that is blocked or late can be put into the case of a plan."))
    scenario = planning.add_scenario(
        base=run,
        **_words(issue.today, list(troubled(office)[:TOLD])),
        changes=[*before, *changes],
        by=by,
    )
    new = planning.start_run(
        organisation=office,
        snapshot=stands,
        scenario=scenario,
        **planning.titles(run, scenario),
        horizon=run.horizon,
        needs=case.scenario if snapshot else run.needs,
        as_of=issue.today if run.as_of else None,
        gap=run.gap,
        time_limit=run.time_limit,
        in_force=run,
        by=by,
    )
    return new, untold


def _words(today: date, directives: list[Directive]) -> dict[str, str]:
    """What the what-if is called and about, in both languages: whoever reads it may not speak that of who began it."""
    said = {}
    for language, suffix in (("en", ""), ("zh-hans", "_zh")):
        with override(language):
            said[f"name{suffix}"] = _("Blocked on %(day)s") % {"day": today.isoformat()}
            said[f"text{suffix}"] = "\n".join(named(each.words) for each in directives)
    return said
