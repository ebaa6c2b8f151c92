"""All writes of reports: one transaction each, with the person and an audit row."""

from mainstay_web.reporting.actions.alerts import acknowledge, ask
from mainstay_web.reporting.actions.questionnaires import (
    add_line,
    add_questionnaire,
    change_questionnaire,
    new_version,
    publish,
    remove_line,
    withdraw,
)
from mainstay_web.reporting.actions.submit import import_reports, submit

__all__ = [
    "acknowledge",
    "add_line",
    "add_questionnaire",
    "ask",
    "change_questionnaire",
    "import_reports",
    "new_version",
    "publish",
    "remove_line",
    "submit",
    "withdraw",
]
