"""The client of the platform's interface: what a program of a maker or hospital calls."""

from mainstay_client.answers import Directive, Finding, Issue, Job, Matter, OwnPart, Plan, Report, Step, Submission
from mainstay_client.client import Client
from mainstay_client.errors import CallRefusedError, PlatformError, UnreachableError
from mainstay_client.ledger import Balance, Entry, Ledger, Movement, Recall, Stop
from mainstay_client.lots import Coming, Held, HeldLot, Lots, LotsOfDirective, Moved, MovedLot
from mainstay_client.readiness import Design, Preparation, Readiness, RotationTask
from mainstay_client.replays import Exercise, Replay, Replays, Turn

__all__ = [
    "Balance",
    "CallRefusedError",
    "Client",
    "Coming",
    "Design",
    "Directive",
    "Entry",
    "Exercise",
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
    "Preparation",
    "Readiness",
    "Recall",
    "Replay",
    "Replays",
    "Report",
    "RotationTask",
    "Step",
    "Stop",
    "Submission",
    "Turn",
    "UnreachableError",
]
