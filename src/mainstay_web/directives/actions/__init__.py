"""All writes of directives."""

from mainstay_web.directives.actions.issue import issue_directives
from mainstay_web.directives.actions.outlets import add_outlet, end_outlet, tell
from mainstay_web.directives.actions.replan import start_replan
from mainstay_web.directives.actions.rules import change_rules
from mainstay_web.directives.actions.steps import accept_all, step

__all__ = ["accept_all", "add_outlet", "change_rules", "end_outlet", "issue_directives", "start_replan", "step", "tell"]
