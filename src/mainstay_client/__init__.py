"""The client of the platform's interface: what a program of a maker or hospital calls."""

from mainstay_client.answers import Directive, Finding, Issue, Job, Matter, OwnPart, Plan, Report, Step, Submission
from mainstay_client.client import Client
from mainstay_client.errors import CallRefusedError, PlatformError, UnreachableError

__all__ = [
    "CallRefusedError",
    "Client",
    "Directive",
    "Finding",
    "Issue",
    "Job",
    "Matter",
    "OwnPart",
    "Plan",
    "PlatformError",
    "Report",
    "Step",
    "Submission",
    "UnreachableError",
]
