"""How pages of preparing say codes and figures."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from django.utils.html import format_html
from django.utils.translation import gettext as _

from mainstay.report.names import Names
from mainstay.report.texts import say
from mainstay_web.accounts.templatetags.words import named
from mainstay_web.preparing.models import RotationTask


def say_stage(code: str) -> str:
    """How far a preparation is: ``frontier 3/8``."""
    name, _space, number = code.partition(" ")
    if name == "frontier":
        return _("Other budgets (%(number)s)") % {"number": number}
    return _STAGES[name]() if name in _STAGES else _("Waiting for a worker")


_STAGES: dict[str, Callable[[], str]] = {
    "read": lambda: _("Reading the case and its futures"),
    "design": lambda: _("Finding the design for the budget"),
    "write": lambda: _("Writing the results"),
}


def form_words(form: str) -> str:
    """What a form of standing ready is called, as in the report."""
    return str(named(say(f"pf_{form}")))


def action_words(action: str) -> str:
    """What is done with a lot, as in the report."""
    return str(named(say(f"ra_{action}")))


def loss(value: float) -> str:
    """A weighted share of need, three digits.

    >>> loss(0.123456), loss(12.3456), loss(0)
    ('0.123', '12.3', '0')
    """
    return f"{value:.3g}"


def task_state(task: RotationTask, today: date) -> str:
    """Whether a task of the calendar is done, overdue or open."""
    if task.is_done:
        return _("done on %(day)s by %(who)s") % {"day": f"{task.done_at:%Y-%m-%d}", "who": task.done_by.username}
    return format_html('<span class="state bad">{}</span>', _("overdue")) if task.is_overdue(today) else _("open")


def told(task: RotationTask, names: Names) -> str:
    """What is to be done, in a few words."""
    item, place = named(names.item(task.item)), named(names.place(task.place))
    return f"{action_words(task.action)}: {item}, {place}"
