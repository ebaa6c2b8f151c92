"""All writes of directives."""

from mainstay_web.directives.actions.issue import issue_directives
from mainstay_web.directives.actions.lots import book, send_out, take_in
from mainstay_web.directives.actions.outlets import add_outlet, end_outlet, tell
from mainstay_web.directives.actions.replan import start_replan
from mainstay_web.directives.actions.rules import change_rules
from mainstay_web.directives.actions.steps import accept_all, step

__all__ = [
    "accept_all",
    "add_outlet",
    "book",
    "change_rules",
    "end_outlet",
    "issue_directives",
    "send_out",
    "start_replan",
    "step",
    "take_in",
    "tell",
]
