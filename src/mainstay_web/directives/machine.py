"""The steps of a directive."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from math import isfinite
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from mainstay_web import clock
from mainstay_web.directives.lots import done_by_lot, is_by_lot
from mainstay_web.directives.models import OPEN, Blocker, Directive, State
from mainstay_web.machines import NEW, Machine, Sets, Step

if TYPE_CHECKING:
    from mainstay_web.accounts.models import Person

OURS, THEIRS = "addressee", "issue.organisation"
"""Where the right is needed: at who is addressed (any level above helps them), at the office that issued it."""
UNDECIDED = (State.ISSUED, State.RECEIVED)
RUNNING = (State.ACCEPTED, State.UNDER_WAY)


def counts_up(subject: Directive, _by: Person | None, given: Mapping[str, Any]) -> str | None:
    """Guard: what is done in all is a number, and no less than was said before, unless the note says why."""
    done = given.get("done")
    if not isinstance(done, int | float) or not isfinite(done) or done < 0:
        return _("Give what is done in all, since the order began, as a number without separators.")
    if done < subject.done and not given.get("note"):
        return _("%(done)g is less than the %(before)g reported before. Say why in the note.") % {
            "done": done,
            "before": subject.done,
        }
    return None


def is_as_the_ledger_says(subject: Directive, _by: Person | None, given: Mapping[str, Any]) -> str | None:
    """Guard: where the goods are kept by lot, what is done is the sum of the movements that were confirmed."""
    if not is_by_lot(subject) or given["done"] == done_by_lot(subject):
        return None
    return _(
        "The ledger keeps these goods by lot, and says that %(done)g is done. Confirm what moved by lot, so that the "
        "stock moves too."
    ) % {"done": done_by_lot(subject)}


def is_all(directive: Directive, done: float) -> bool:
    """Whether so much is all that is ordered, to the half of a thousandth: the ledger counts whole ones."""
    return done >= directive.quantity * (1 - 1e-9) - 0.0005


def says_why_if_less(subject: Directive, _by: Person | None, given: Mapping[str, Any]) -> str | None:
    """Guard: who ends an order with less than it asks for says why."""
    if not is_all(subject, given["done"]) and not given.get("note"):
        return _("The order asks for %(quantity)g. Say why it ends with less in the note.") % {
            "quantity": subject.quantity
        }
    return None


def names_the_blocker(_subject: Directive, _by: Person | None, given: Mapping[str, Any]) -> str | None:
    """Guard: the blocker is a known one, what can still be done a share, and the day a day."""
    if given["blocker"] not in Blocker.values:
        return _("Choose the blocker: %(known)s.") % {"known": ", ".join(str(label) for label in Blocker.labels)}
    share = given["share"]
    if not isinstance(share, int | float) or not 0 <= share <= 1:
        return _("Give the share that can still be done as a number from 0 to 1.")
    if not isinstance(given.get("until"), date | None):
        return _("Give the day on which it can go on, as in 2020-02-05.")
    return None


def _moved(_subject: Directive, _given: Mapping[str, Any]) -> dict[str, Any]:
    """A new state counts from now, and what held in the old one is over."""
    now = clock.now()
    return {
        "since": now,
        "reminded_at": None,
        "level": 0,
        "blocker": "",
        "share": None,
        "until": None,
        "is_answered": False,
    }


def _told(subject: Directive, given: Mapping[str, Any]) -> dict[str, Any]:
    """What is done in all; a report after a report shows that nobody need be reminded."""
    return {**_moved(subject, given), "done": given["done"], "done_at": clock.now()}


def _recounted(_subject: Directive, given: Mapping[str, Any]) -> dict[str, Any]:
    """What the ledger says is done after a reversal; nobody told it, so the counting of time goes on."""
    return {"done": given["done"], "done_at": clock.now()}


def _blocked(subject: Directive, given: Mapping[str, Any]) -> dict[str, Any]:
    said = {name: given.get(name) for name in ("blocker", "share", "until")}
    return _moved(subject, given) | said


def _step(name: str, label: Any, old: tuple[str, ...], new: str, **more: Any) -> Step:
    return Step(name, label, old, new, "directives.own", OURS, **{"sets": _moved, **more})


def _answer(name: str, label: Any, old: tuple[str, ...], new: str, at: str, **more: Any) -> Step:
    return Step(name, label, old, new, "directives.answer", at, asks=("note",), **{"sets": _moved, **more})


def _system(name: str, label: Any, old: tuple[str, ...], new: str, sets: Sets, asks: tuple[str, ...] = ()) -> Step:
    return Step(name, label, old, new, "", THEIRS, sets=sets, asks=asks)


DIRECTIVES = Machine(
    "directives",
    State,
    (
        _system("issue", pgettext_lazy("directive", "Issue"), (NEW,), State.ISSUED, _moved),
        _step("receive", gettext_lazy("Note receipt"), (State.ISSUED,), State.RECEIVED),
        _step("accept", gettext_lazy("Accept"), UNDECIDED, State.ACCEPTED),
        _step(
            "report",
            gettext_lazy("Report progress"),
            RUNNING,
            State.UNDER_WAY,
            asks=("done",),
            guards=(counts_up, is_as_the_ledger_says),
            sets=_told,
        ),
        _step(
            "finish",
            gettext_lazy("Report as done"),
            RUNNING,
            State.DONE,
            asks=("done",),
            guards=(counts_up, is_as_the_ledger_says, says_why_if_less),
            sets=_told,
        ),
        _step(
            "block",
            gettext_lazy("Name the blocker and ask for help"),
            (*UNDECIDED, *RUNNING),
            State.BLOCKED,
            asks=("blocker", "share", "note"),
            guards=(names_the_blocker,),
            sets=_blocked,
        ),
        _step("resume", gettext_lazy("Go on: it is not blocked any more"), (State.BLOCKED,), State.UNDER_WAY),
        _step("object", gettext_lazy("Object"), (*UNDECIDED, *RUNNING), State.OBJECTED, asks=("note",)),
        _answer(
            "help",
            gettext_lazy("Answer the request for help"),
            (State.BLOCKED,),
            "",
            OURS,
            sets=lambda _subject, _given: {"is_answered": True},
        ),
        _answer("uphold", gettext_lazy("Let it stand"), (State.OBJECTED,), State.RECEIVED, THEIRS),
        Step(
            "cancel",
            gettext_lazy("Cancel"),
            OPEN,
            State.CANCELLED,
            "directives.issue",
            THEIRS,
            asks=("note",),
            sets=_moved,
        ),
        _system(
            "supersede",
            gettext_lazy("Superseded by the next plan"),
            (*UNDECIDED, State.ACCEPTED, State.BLOCKED, State.OBJECTED),
            State.SUPERSEDED,
            lambda subject, given: {**_moved(subject, given), "replaced_by_id": given.get("new")},
        ),
        _system(
            "recount",
            gettext_lazy("Counted anew: a movement was reversed"),
            (*OPEN, State.SUPERSEDED, State.CANCELLED),
            "",
            _recounted,
            asks=("done",),
        ),
        _system(
            "reopen",
            gettext_lazy("Open again: a movement was reversed"),
            (State.DONE,),
            State.UNDER_WAY,
            lambda subject, given: {**_moved(subject, given), **_recounted(subject, given)},
            asks=("done",),
        ),
        _system(
            "remind",
            gettext_lazy("Reminded"),
            OPEN,
            "",
            lambda _subject, _given: {"reminded_at": clock.now()},
        ),
        _system(
            "escalate",
            gettext_lazy("Told to the level above"),
            OPEN,
            "",
            lambda _subject, given: {"level": given["level"]},
        ),
    ),
)
SUPERSEDED_FROM = DIRECTIVES.steps["supersede"].old
"""States in which the next plan may take a directive back; what is under way or done stays."""
