"""What can go wrong between a program and the platform."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mainstay.errors import MainstayError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from mainstay_client.answers import Finding


class PlatformError(MainstayError):
    """Any failure of a call to the platform."""


class UnreachableError(PlatformError):
    """The platform did not answer, or was in trouble, through all tries: nothing is known to be received."""


class CallRefusedError(PlatformError):
    """The platform refused the call: ``status`` is that of HTTP, ``findings`` say what is wrong where."""

    def __init__(self, status: int, detail: str, findings: Sequence[Finding] = ()) -> None:
        self.status, self.detail, self.findings = status, detail, list(findings)
        super().__init__(f"The platform refused the call ({status}): {detail}")
