"""The way through customs as data: its steps, and what must hold before each."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from mainstay_web.accounts.models import Person
from mainstay_web.customs.models import BEFORE_CLEARED, REQUIRED, Consignment, Kind, State
from mainstay_web.machines import NEW, Machine, Step
from mainstay_web.services.desk import happened_in_order, lacking, of_kind


def _missing(consignment: Consignment, kinds: Sequence[str]) -> str | None:
    missing = [str(Kind(kind).label) for kind in lacking(consignment, list(kinds))]
    return _("Documents are missing: %(kinds)s.") % {"kinds": ", ".join(missing)} if missing else None


def may_be_declared(consignment: Consignment, _by: Person | None, _given: Mapping[str, Any]) -> str | None:
    """The documents are there without which nothing is declared."""
    return _missing(consignment, REQUIRED[consignment.is_express])


def may_leave(consignment: Consignment, _by: Person | None, _given: Mapping[str, Any]) -> str | None:
    """The documents are there that might come later."""
    return _missing(consignment, BEFORE_CLEARED[consignment.is_express])


DECLARE, CLEAR, WHERE = "customs.declare", "customs.clear", "organisation"
N, D, INSPECTED, H = State.DRAFT, State.DECLARED, State.INSPECTED, State.HELD
IN_ORDER = (happened_in_order,)

CUSTOMS = Machine(
    "customs",
    State,
    (
        Step("announce", gettext_lazy("Announce a consignment"), (NEW,), N, DECLARE, WHERE),
        Step(
            "attach",
            gettext_lazy("Send a document"),
            (N, D, INSPECTED, H),
            "",
            DECLARE,
            WHERE,
            ("kind", "document"),
            (of_kind(Kind.values),),
        ),
        Step(
            "declare",
            gettext_lazy("Declare"),
            (N,),
            D,
            DECLARE,
            WHERE,
            ("on",),
            (may_be_declared, happened_in_order),
        ),
        Step("inspect", gettext_lazy("Record the inspection"), (D, H), INSPECTED, CLEAR, WHERE, ("on",), IN_ORDER),
        Step("hold", gettext_lazy("Hold"), (D, INSPECTED), H, CLEAR, WHERE, ("on", "reason", "note"), IN_ORDER),
        Step(
            "clear",
            gettext_lazy("Clear"),
            (D, INSPECTED),
            State.CLEARED,
            CLEAR,
            WHERE,
            ("on",),
            (may_leave, happened_in_order),
        ),
        Step(
            "refuse",
            gettext_lazy("Turn away"),
            (D, INSPECTED, H),
            State.REFUSED,
            CLEAR,
            WHERE,
            ("on", "note"),
            IN_ORDER,
        ),
    ),
)
