"""Whose a row is: the organisation of its enterprise, else of its place or the nearest area above it that has one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from mainstay_web.accounts.models import Organisation
from mainstay_web.registry.models import Row

PLACES_OF = {"lanes": "origin", "imports": "port"}
"""The column with the place of a row, where it is not ``place``."""
SUBJECTS_OF = {"availability": ("subject_kind", "subject"), "measures": ("target_kind", "target")}
LINKED = {"line": "lines", "lane": "lanes", "source": "imports"}
WITHOUT_OWNER = frozenset(
    {
        "items",
        "processes",
        "recipes",
        "conversions",
        "substitutes",
        "pools",
        "scenarios",
        "settings",
        "guidelines",
        "case",
        "extras",
    }
)
"""Tables that hold for all: they belong to the top organisation, and all who may see the register see them."""


@dataclass
class Owners:
    """Answers whose rows are, from what is registered and what is about to be."""

    given: Organisation
    organisations: dict[int, Organisation] = field(init=False)
    top: Organisation = field(init=False)
    _by_enterprise: dict[str, int] = field(init=False)
    _by_place: dict[str, int] = field(init=False)
    _parents: dict[str, str] = field(init=False)
    _places: dict[str, str] = field(init=False)
    _linked: dict[tuple[str, str], tuple[str, str]] = field(init=False)

    def __post_init__(self) -> None:
        active = list(Organisation.objects.filter(is_active=True))
        self.organisations = {o.pk: o for o in active} | {self.given.pk: self.given}
        top = self.given.ancestors[0]
        self.top = next((o for o in self.organisations.values() if o.path == top), self.given)
        self._by_enterprise = {o.enterprise: o.pk for o in active if o.enterprise}
        self._by_place = {o.place: o.pk for o in reversed(active) if o.place and not o.enterprise}
        rows = current()
        self._parents = dict(rows.filter(table="places").values_list("body__place", "body__parent"))
        self._places = dict(rows.filter(table="enterprises").values_list("body__enterprise", "body__place"))
        self._linked = {}
        for table in LINKED.values():
            code = {"lines": "line", "lanes": "lane", "imports": "source"}[table]
            for value, enterprise, place in rows.filter(table=table).values_list(f"body__{code}", "enterprise", "place"):
                self._linked[table, value] = (enterprise, place)

    def learn(self, table: str, body: Mapping[str, Any]) -> None:
        """Take in a row that is about to be stored, so that rows which name it find their owner."""
        if table == "places":
            self._parents[body["place"]] = body.get("parent", "")
        elif table == "enterprises":
            self._places[body["enterprise"]] = body["place"]
        elif table in LINKED.values():
            code = {"lines": "line", "lanes": "lane", "imports": "source"}[table]
            self._linked[table, body[code]] = self.codes(table, body)

    def codes(self, table: str, body: Mapping[str, Any]) -> tuple[str, str]:
        """Enterprise and place of a row; empty where it has none."""
        if table in WITHOUT_OWNER:
            return "", ""
        if table in SUBJECTS_OF:
            kind, subject = SUBJECTS_OF[table]
            return self._linked.get((LINKED.get(body[kind], ""), body[subject]), ("", ""))
        return body.get("enterprise", ""), body.get(PLACES_OF.get(table, "place")) or ""

    def owner(self, table: str, enterprise: str, place: str) -> int:
        """The organisation that a row with these codes belongs to."""
        if table in WITHOUT_OWNER:
            return self.top.pk
        if enterprise in self._by_enterprise:
            return self._by_enterprise[enterprise]
        return self._of_place(place or self._places.get(enterprise, ""))

    def _of_place(self, place: str | None) -> int:
        seen: set[str] = set()
        while place and place not in seen:
            if place in self._by_place:
                return self._by_place[place]
            seen.add(place)
            place = self._parents.get(place)
        return self.given.pk


def current() -> Any:
    """All rows as they are now."""
    return Row.objects.filter(is_current=True, is_removed=False)
