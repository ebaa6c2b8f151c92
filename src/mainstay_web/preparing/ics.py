"""A calendar as a file that calendar programs read (RFC 5545)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

LONGEST = 75
"""Octets of a line before it is folded (RFC 5545, section 3.1)."""


@dataclass(frozen=True)
class Event:
    """Something that takes whole days, the last included."""

    uid: str
    first: date
    last: date
    summary: str
    description: str = ""


def calendar(name: str, events: Iterable[Event], now: datetime) -> str:
    """The file.

    >>> from datetime import date, datetime, UTC
    >>> day = date(2026, 1, 31)
    >>> text = calendar("Reserve", [Event("1@x", day, day, "Buy; masks")], datetime(2026, 1, 1, tzinfo=UTC))
    >>> [line for line in text.splitlines() if line.startswith(("DT", "SUMMARY"))][1:]
    ['DTSTART;VALUE=DATE:20260131', 'DTEND;VALUE=DATE:20260201', 'SUMMARY:Buy\\\\; masks']
    """
    stamp = f"{now.astimezone(UTC):%Y%m%dT%H%M%SZ}"
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Mainstay//Rotation//EN", f"X-WR-CALNAME:{_escaped(name)}"]
    for each in events:
        lines += [
            "BEGIN:VEVENT",
            f"UID:{each.uid}",
            f"DTSTAMP:{stamp}",
            f"DTSTART;VALUE=DATE:{each.first:%Y%m%d}",
            f"DTEND;VALUE=DATE:{each.last + timedelta(days=1):%Y%m%d}",
            f"SUMMARY:{_escaped(each.summary)}",
            *([f"DESCRIPTION:{_escaped(each.description)}"] if each.description else []),
            "TRANSP:TRANSPARENT",
            "END:VEVENT",
        ]
    return "".join(f"{_folded(line)}\r\n" for line in [*lines, "END:VCALENDAR"])


def _escaped(text: str) -> str:
    for mark in ("\\", ";", ","):
        text = text.replace(mark, f"\\{mark}")
    return text.replace("\r\n", "\\n").replace("\n", "\\n")


def _folded(line: str) -> str:
    """A long line in parts, none cut within a character; each further part begins with a space."""
    parts, part = [], ""
    for character in line:
        if len((part + character).encode()) > LONGEST:
            parts.append(part)
            part = " "
        part += character
    return "\r\n".join([*parts, part])
