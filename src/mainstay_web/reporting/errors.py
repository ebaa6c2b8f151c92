"""What can be wrong with a submission as a whole; single rows are findings."""

from __future__ import annotations

from collections.abc import Sequence

from mainstay.errors import MainstayError
from mainstay.tables import Finding


class KeyReused(MainstayError):  # noqa: N818 (said as the rule that was broken)
    """The key was used for another body; ``differences`` names the first cells that differ."""

    status = 409

    def __init__(self, key: str, received: str, differences: Sequence[str]) -> None:
        self.key, self.received, self.differences = key, received, list(differences)
        super().__init__(
            f'The key "{key}" was used for another submission, received {received}. It differs: '
            f"{'; '.join(differences)}. Send corrected figures under a new key."
        )


class NothingSubmitted(MainstayError):  # noqa: N818
    """There is no row to receive; ``findings`` says why where a file could not be read."""

    status = 422

    def __init__(self, findings: Sequence[Finding] = ()) -> None:
        self.findings = list(findings)
        why = " ".join(str(f) for f in findings if f.severity == "error")
        super().__init__(f"There is no row to receive. {why or 'Give one row for each figure.'}".strip())


class BadKey(MainstayError):  # noqa: N818
    """The key is empty or too long."""

    status = 422
