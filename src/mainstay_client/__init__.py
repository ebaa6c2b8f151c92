"""The client of the platform's interface: what a program of a maker or hospital calls."""

from mainstay_client.answers import Directive, Finding, Issue, Job, Matter, OwnPart, Plan, Report, Step, Submission
from mainstay_client.client import Client
from mainstay_client.errors import CallRefusedError, PlatformError, UnreachableError
from mainstay_client.ledger import Balance, Entry, Ledger, Movement, Recall, Stop

__all__ = [
    "Balance",
    "CallRefusedError",
    "Client",
    "Directive",
    "Entry",
    "Finding",
    "Issue",
    "Job",
    "Ledger",
    "Matter",
    "Movement",
    "OwnPart",
    "Plan",
    "PlatformError",
    "Recall",
    "Report",
    "Step",
    "Stop",
    "Submission",
    "UnreachableError",
]
