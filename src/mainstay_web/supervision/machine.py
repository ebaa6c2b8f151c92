"""The steps of a commendation or a warning."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from mainstay_web.machines import NEW, Machine, Step
from mainstay_web.supervision.models import Mention

S = Mention.State
JUDGE = "supervision.judge"

MENTIONS = Machine(
    "supervision",
    S,
    (
        Step("list", _("List"), (NEW,), S.LISTED, JUDGE, "office"),
        Step("challenge", _("Challenge"), (S.LISTED,), S.CHALLENGED, "supervision.own", "organisation", asks=("note",)),
        Step("uphold", _("Uphold"), (S.CHALLENGED,), S.UPHELD, JUDGE, "office", asks=("note",)),
        Step("withdraw", _("Withdraw"), (S.LISTED, S.CHALLENGED), S.WITHDRAWN, JUDGE, "office", asks=("note",)),
    ),
)
