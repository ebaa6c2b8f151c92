"""The one tree of errors: broad for callers who do not care, narrow for those who do."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from mainstay.tables.findings import Findings


class MainstayError(Exception):
    """Any error that Mainstay raises on purpose; its text says what to do."""


class UsageError(MainstayError):
    """A call, an option or a setting is wrong: names it, what was found and what is expected."""


class DataError(MainstayError):
    """The tables of a case cannot be planned on; ``findings`` lists every reason, in one pass."""

    def __init__(self, message: str, findings: Findings) -> None:
        super().__init__(message)
        self.findings = findings

    def __reduce__(self) -> tuple[type[DataError], tuple[str, Findings]]:
        """As itself out of another process too."""
        return type(self), (str(self), self.findings)


class SolveError(MainstayError):
    """The solver gave no plan: says which stage, what the solver answered and what to try."""


class Cancelled(MainstayError):  # noqa: N818 (a stop that was asked for is no error)
    """The user stopped the work before a first plan was found."""
