"""Blocked conversions and licences as the case can say them: what was begun comes, and later.

A conversion that can go on from a day on is told as a line that comes by it, with nothing usable before that day and
its lead time, then its ramp; a licence as one that is applied for and granted then. Without such a day neither comes
within the plan. Machines and money that a blocked conversion takes are not taken once more.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

from mainstay.tables import Case
from mainstay_web.directives.models import Directive, Kind
from mainstay_web.directives.windows import runs, usable
from mainstay_web.planning.scenarios import Change

MEANS = (Kind.CONVERT, Kind.LICENSE)
"""Kinds that are decided once: blocked, they stay as they are, and the next plan counts on them."""


class Means:
    """What changes in a case for blocked conversions and licences; ``last`` : last day of the plan."""

    def __init__(self, case: Case, last: date) -> None:
        self._case, self._last = case, last
        self._conversions = {row["conversion"]: row for row in case["conversions"].to_dicts()}
        self._lines = {row["line"]: row for row in case["lines"].to_dicts()}
        self._licences = {(row["enterprise"], row["item"]): row for row in case["licences"].to_dicts()}

    def changes(self, directive: Directive) -> list[Change]:
        """The changes for one directive; none where the case does not have what it speaks of."""
        read = {Kind.CONVERT: self._convert, Kind.LICENSE: self._license}
        return list(read[Kind(directive.kind)](directive))

    def _license(self, directive: Directive) -> Iterator[Change]:
        """Applied for, and granted after the days of its quickest review from the day on which it can go on."""
        licence = self._licences.get((directive.addressee.enterprise, directive.item))
        if licence is None:
            return
        review = [licence[name] for name in ("fast_review_days", "review_days") if licence[name] is not None]
        comes = directive.until is not None and bool(review)
        waits = (directive.until - self._case.start).days if directive.until else 0
        said = {
            "state": "applied" if comes else "none",
            "review_days": waits + min(review) if comes else None,
            "fast_review_days": None,
        }
        key = {"enterprise": licence["enterprise"], "item": licence["item"]}
        yield from ({"table": "licences", "key": key, "column": name, "value": value} for name, value in said.items())

    def _convert(self, directive: Directive) -> Iterator[Change]:
        """Its lines are given up, and come as lines of their own when they are ready."""
        code, _at, line = directive.key.removeprefix("convert:").partition("@")
        host, conversion = self._lines.get(line), self._conversions.get(code)
        lines = math.ceil(directive.missing - 1e-6)
        if host is None or conversion is None or not lines:
            return
        if conversion["from_kind"]:
            left = max(0.0, host["quantity"] - lines)
            yield {"table": "lines", "key": {"line": line}, "column": "quantity", "value": left}
            self._lines[line] = {**host, "quantity": left}
        name = f"{line}>{conversion['to_kind']}/{code}/blocked"
        row = {
            "line": name,
            "enterprise": host["enterprise"],
            "place": host["place"],
            "kind": conversion["to_kind"],
            "quantity": lines,
            "from_line": line,
            "conversion": code,
        }
        yield {"table": "lines", "row": row}
        yield from self._ramp(name, conversion, directive)

    def _ramp(self, name: str, conversion: dict[str, Any], directive: Directive) -> Iterator[Change]:
        """Rows of ``availability`` of a line that comes: nothing before it is ready, then its ramp."""
        start = self._case.start
        days = [start + timedelta(n) for n in range((self._last - start).days + 1)]
        ready = directive.until + timedelta(conversion["lead_days"]) if directive.until else self._last + timedelta(1)
        steps = [float(step) for step in (conversion["ramp"] or "1").split(";")]
        general = usable(self._case["availability"], "line", "*", days)
        levels = {
            day: 0.0 if day < ready else level * steps[min((day - ready).days, len(steps) - 1)]
            for day, level in general.items()
        }
        for window, level in runs(levels):
            said = {
                "subject_kind": "line",
                "subject": name,
                "from": window[0].isoformat(),
                "to": window[-1].isoformat(),
                "share": level,
                "blocker": directive.blocker,
                "known_on": directive.issue.today.isoformat(),
            }
            yield {"table": "availability", "row": said}
