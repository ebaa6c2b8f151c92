"""The client of the platform's interface: what a program of a maker or hospital calls."""

from mainstay_client.answers import Finding, OwnPart, Plan, Report, Submission
from mainstay_client.client import Client
from mainstay_client.errors import CallRefused, PlatformError, Unreachable

__all__ = [
    "CallRefused",
    "Client",
    "Finding",
    "OwnPart",
    "Plan",
    "PlatformError",
    "Report",
    "Submission",
    "Unreachable",
]
