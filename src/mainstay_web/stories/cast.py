"""Who plays: the people of the demo, one person for all other organisations, and the maker that fails."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl

from mainstay.errors import UsageError
from mainstay.survey import nominal_capacity
from mainstay.tables import Case
from mainstay_web.accounts import actions as accounts
from mainstay_web.accounts.models import Organisation, Person, Role
from mainstay_web.directives.models import Directive, Kind
from mainstay_web.operations.demo import PASSWORD, PREFIX

FAILING, FIELD = f"{PREFIX}failing", f"{PREFIX}field"
"""Who reports for the maker that fails; and who plays all others, as the staff of a story does, from the office."""


@dataclass(frozen=True)
class Cast:
    """The people of the story, and the maker that fails."""

    office: Organisation
    head: Person
    analyst: Person
    maker: Person
    field: Person
    failing: Organisation

    @classmethod
    def gather(cls, office: Organisation, case: Case, maker: str) -> Cast:
        """The people of a demo that was filled with a case, and two more.

        Raises
        ------
        UsageError : the case has no enterprise of the code ``maker``, or none at all that makes what is vital
        """
        failing = Organisation.objects.filter(enterprise=maker or most_vital(case)).first()
        if failing is None:
            raise UsageError(f'There is no enterprise "{maker}" that could fail. Give the code of one of the case.')
        mode = _rarest_mode(case)
        if mode:
            accounts.add_organisation(
                code="story-carrier",
                name="Carrier of the story (synthetic)",
                name_zh="演示承运单位（虚构）",
                kind=Organisation.Kind.ENTERPRISE,
                parent=office,
                carries=mode,
                by=None,
            )
        head, analyst = (Person.objects.get(username=f"{PREFIX}{name}") for name in ("head", "analyst"))
        return cls(office, head, analyst, _add(FAILING, failing), _add(FIELD, office), failing)

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


def most_vital(case: Case) -> str:
    """The enterprise with the largest part in the nominal capacity for vital goods, each with its item's weight.

    Raises
    ------
    UsageError : no enterprise of the case makes vital goods
    """
    vital = (
        case["items"].filter(pl.col("importance") == "vital", pl.col("stage") == "finished").select("item", "weight")
    )
    parts = (
        nominal_capacity(case)
        .join(vital, on="item")
        .with_columns(part=pl.col("weight") * pl.col("nominal") / pl.col("nominal").sum().over("item"))
        .group_by("enterprise")
        .agg(pl.col("part").sum())
        .sort("part", "enterprise", descending=[True, False])
    )
    if parts.is_empty():
        raise UsageError("No enterprise of the case makes vital goods, so none can fail. Take another case.")
    return str(parts["enterprise"][0])


def _rarest_mode(case: Case) -> str:
    """The mode of the fewest lanes, which the carrier of the story has; empty: there are no lanes."""
    modes = case["lanes"].group_by("mode").agg(pl.len()).sort("len", "mode")
    return str(modes["mode"][0]) if modes.height else ""


def _add(username: str, organisation: Organisation) -> Person:
    return accounts.add_person(
        username=username,
        password=PASSWORD,
        organisation=organisation,
        role=Role.objects.get(code="reporter"),
        by=None,
    )
