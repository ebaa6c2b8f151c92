"""How pages of replays and exercises say how far work is."""

from __future__ import annotations

from django.utils.translation import gettext as _

from mainstay_web.replaying.mornings import policy_words


def say_stage(code: str) -> str:
    """How far a replay is: ``rolling 3/21``."""
    if code == "read":
        return _("Reading the case")
    if code == "write":
        return _("Writing the results")
    policy, _space, number = code.rpartition(" ")
    if not policy:
        return _("Waiting for a worker")
    return _("%(policy)s: day %(number)s") % {"policy": policy_words(policy), "number": number}


def say_stage_of_plan(code: str) -> str:
    """How far the plan of a morning is."""
    if code == "plan":
        return _("Planning on what is known this morning")
    return _("Reading the case") if code == "read" else _("Waiting for a worker")
