"""Support and arrears as data: their steps, and what must hold before each."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from mainstay_web.accounts.models import Person
from mainstay_web.machines import NEW, Machine, Step, someone_else_than
from mainstay_web.services.desk import happened_in_order
from mainstay_web.services.register import body_of
from mainstay_web.support.models import Arrear, ArrearState, State, SupportRequest

SMALL = ("micro", "small", "medium")


def is_small(arrear: Arrear, _by: Person | None, _given: Mapping[str, Any]) -> str | None:
    """The creditor is a small or medium firm, as the register says."""
    size = body_of("enterprises", arrear.organisation.enterprise).get("size", "")
    if size in SMALL:
        return None
    return _("Arrears are kept for micro, small and medium firms; the register gives the size as “%(size)s”.") % {
        "size": size or _("not known")
    }


def line_stands(request: SupportRequest, _by: Person | None, _given: Mapping[str, Any]) -> str | None:
    """The line that the support is for is still in the register."""
    if body_of("lines", request.line):
        return None
    return _("The register has no line “%(line)s” any more. Refuse the request, or put the line back.") % {
        "line": request.line
    }


REQUEST, ASSESS, GRANT, WHERE = "support.request", "support.assess", "support.grant", "organisation"
R, A, G = State.REQUESTED, State.ASSESSED, State.GRANTED

SUPPORT = Machine(
    "support",
    State,
    (
        Step("request", gettext_lazy("Ask for support"), (NEW,), R, REQUEST, WHERE),
        Step(
            "assess",
            gettext_lazy("Assess"),
            (R, A),
            A,
            ASSESS,
            WHERE,
            ("cost", "share", "lead_days"),
            (line_stands,),
        ),
        Step(
            "grant",
            gettext_lazy("Grant"),
            (A,),
            G,
            GRANT,
            WHERE,
            guards=(line_stands, someone_else_than("assessed_by")),
        ),
        Step(
            "pay",
            gettext_lazy("Record as paid or delivered"),
            (G,),
            State.PAID,
            ASSESS,
            WHERE,
            ("on",),
            (happened_in_order,),
        ),
        Step("refuse", gettext_lazy("Refuse"), (R, A), State.REFUSED, GRANT, WHERE, ("note",)),
    ),
)

OPEN, CONFIRMED, DISPUTED = ArrearState.RECORDED, ArrearState.CONFIRMED, ArrearState.DISPUTED
DROPPED = ArrearState.DROPPED

ARREARS = Machine(
    "arrears",
    ArrearState,
    (
        Step("record", gettext_lazy("Record an arrear"), (NEW,), OPEN, REQUEST, WHERE, guards=(is_small,)),
        Step("confirm", gettext_lazy("Confirm that it is owed"), (OPEN, DISPUTED), CONFIRMED, REQUEST, "debtor"),
        Step("dispute", gettext_lazy("Dispute"), (OPEN,), DISPUTED, REQUEST, "debtor", ("note",)),
        Step("uphold", gettext_lazy("Decide: it is owed"), (DISPUTED,), CONFIRMED, GRANT, WHERE, ("note",)),
        Step(
            "dismiss", gettext_lazy("Decide: it is not owed"), (DISPUTED,), ArrearState.DROPPED, GRANT, WHERE, ("note",)
        ),
        Step(
            "receive",
            gettext_lazy("Record as paid"),
            (OPEN, CONFIRMED, DISPUTED),
            ArrearState.PAID,
            REQUEST,
            WHERE,
            ("on",),
            (happened_in_order,),
        ),
        Step("drop", gettext_lazy("Drop"), (OPEN, CONFIRMED, DISPUTED), DROPPED, REQUEST, WHERE, ("note",)),
    ),
)
