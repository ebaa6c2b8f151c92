"""The client of the platform's interface: what a program of a maker or hospital calls."""

from mainstay_client.answers import Directive, Finding, Issue, Job, Matter, OwnPart, Plan, Report, Step, Submission
from mainstay_client.client import Client
from mainstay_client.errors import CallRefusedError, PlatformError, UnreachableError
from mainstay_client.ledger import Balance, Entry, Ledger, Movement, Recall, Stop
from mainstay_client.lots import Coming, Held, HeldLot, Lots, LotsOfDirective, Moved, MovedLot

__all__ = [
    "Balance",
    "CallRefusedError",
    "Client",
    "Coming",
    "Directive",
    "Entry",
    "Finding",
    "Held",
    "HeldLot",
    "Issue",
    "Job",
    "Ledger",
    "Lots",
    "LotsOfDirective",
    "Matter",
    "Moved",
    "MovedLot",
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
