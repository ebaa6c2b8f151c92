"""Whose a row is: the organisation of its enterprise, else of its place or the nearest area above it that has one."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
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
        "terms",
        "case",
        "extras",
    }
)
"""Tables that hold for all: they belong to the top organisation, and all who may see the register see them."""


CODES = {"lines": "line", "lanes": "lane", "imports": "source"}


@dataclass
class Owners:
    """Answers whose rows are, from what is registered and what is about to be."""

    given: Organisation

    @cached_property
    def organisations(self) -> dict[int, Organisation]:
        """All organisations by their number."""
        return {o.pk: o for o in Organisation.objects.all()}

    @cached_property
    def top(self) -> Organisation:
        """The organisation above all: rows without an owner are its own."""
        top = self.given.ancestors[0]
        return next(o for o in self.organisations.values() if o.path == top)

    @cached_property
    def _by_enterprise(self) -> dict[str, int]:
        return {o.enterprise: o.pk for o in self.organisations.values() if o.enterprise and o.is_active}

    @cached_property
    def _by_place(self) -> dict[str, int]:
        deepest_first = sorted(self.organisations.values(), key=lambda o: -len(o.path))
        return {o.place: o.pk for o in deepest_first if o.place and not o.enterprise and o.is_active}

    @cached_property
    def _parents(self) -> dict[str, str]:
        return dict(current().filter(table="places").values_list("body__place", "body__parent"))

    @cached_property
    def _places(self) -> dict[str, str]:
        return dict(current().filter(table="enterprises").values_list("body__enterprise", "body__place"))

    @cached_property
    def _linked(self) -> dict[tuple[str, str], tuple[str, str]]:
        rows = current().filter(table__in=CODES).values_list("table", "key", "enterprise", "place")
        return {(table, json.loads(key)[0]): (enterprise, place) for table, key, enterprise, place in rows}

    def learn(self, table: str, body: Mapping[str, Any]) -> None:
        """Take in a row that is about to be stored, so that rows which name it find their owner."""
        if table == "places":
            self._parents[body["place"]] = body.get("parent", "")
        elif table == "enterprises":
            self._places[body["enterprise"]] = body["place"]
        elif table in CODES:
            self._linked[table, body[CODES[table]]] = self.codes(table, body)

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
