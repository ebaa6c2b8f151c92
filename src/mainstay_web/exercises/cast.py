"""Who plays: the people of the demo, one person for all other organisations, and the maker that fails."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from mainstay_web.accounts import actions as accounts
from mainstay_web.accounts.models import Organisation, Person, Role
from mainstay_web.directives.models import Directive, Kind
from mainstay_web.operations.demo import PASSWORD, PREFIX

FIELD = f"{PREFIX}field"
"""Plays every organisation but the failing maker, as the staff of an exercise does: a reporter at the office."""


@dataclass(frozen=True)
class Cast:
    """The people of the exercise, and the maker that fails."""

    office: Organisation
    head: Person
    analyst: Person
    maker: Person
    field: Person
    failing: Organisation

    @classmethod
    def gather(cls, office: Organisation) -> Cast:
        """The people of a demo that was filled, and the one who plays the other organisations."""
        field = accounts.add_person(
            username=FIELD, password=PASSWORD, organisation=office, role=Role.objects.get(code="reporter"), by=None
        )
        head, analyst, maker = (Person.objects.get(username=f"{PREFIX}{name}") for name in ("head", "analyst", "maker"))
        return cls(office, head, analyst, maker, field, maker.organisations.get())

    def speaks_for(self, organisation: Organisation) -> Person:
        """Who plays an organisation."""
        return self.maker if organisation == self.failing else self.field

    def odd_ones(self, seed: int) -> tuple[int | None, int | None]:
        """Of those who have orders, who is always a day late and who claims more than it makes; None: too few."""
        made = Directive.objects.filter(kind=Kind.MAKE).exclude(addressee=self.failing)
        makers = sorted(set(made.values_list("addressee", flat=True)))
        if len(makers) < 2:
            return None, None
        late, boasts = np.random.default_rng(seed).choice(makers, 2, replace=False)
        return int(late), int(boasts)
