"""The client of the platform's interface: what a program of a maker or hospital calls."""

from mainstay_client.answers import Directive, Finding, Issue, Job, Matter, OwnPart, Plan, Report, Step, Submission
from mainstay_client.client import Client
from mainstay_client.errors import CallRefusedError, PlatformError, UnreachableError
from mainstay_client.ledger import Balance, Entry, Ledger, Movement, Recall, Stop
from mainstay_client.replays import Exercise, Replay, Replays, Turn

__all__ = [
    "Balance",
    "CallRefusedError",
    "Client",
    "Directive",
    "Entry",
    "Exercise",
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
    "Replay",
    "Replays",
    "Report",
    "Step",
    "Stop",
    "Submission",
    "Turn",
    "UnreachableError",
]
