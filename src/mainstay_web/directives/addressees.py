"""Which organisation an order goes to."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl
from django.db.models import Q

from mainstay_web.accounts.models import Organisation
from mainstay_web.directives.models import Kind

if TYPE_CHECKING:
    from mainstay_web.directives.orders import Order
    from mainstay_web.planning.results import Results

CLOSEST = list(Organisation.Kind.values)
"""Kinds of organisations from the farthest to the closest to the goods."""


class Addressees:
    """The organisations under an office, by the enterprise or place that they stand for.

    Where several stand for one place the closest to the goods is addressed, a facility before a province; where none
    does, the enterprise that stands there alone. What is to be carried goes to the carrier of the lane, or of its mode.
    """

    def __init__(self, office: Organisation, results: Results) -> None:
        rows = Organisation.objects.filter(path__startswith=office.path, is_active=True)
        joined = rows.filter(~Q(enterprise="") | ~Q(place="") | ~Q(carries=""))
        ranked = sorted(joined, key=lambda each: (CLOSEST.index(each.kind), each.path))
        self._enterprises = {each.enterprise: each for each in ranked if each.enterprise}
        self._places = {each.place: each for each in ranked if each.place}
        self._carriers = {way: each for each in ranked for way in each.ways}
        alone = results.case_table("enterprises").group_by("place").agg(pl.len(), pl.col("enterprise").first())
        for place, enterprise in alone.filter(pl.col("len") == 1).select("place", "enterprise").collect().iter_rows():
            if enterprise in self._enterprises:
                self._places.setdefault(place, self._enterprises[enterprise])

    def of(self, order: Order) -> Organisation | None:
        """Who the order goes to; None: no organisation stands for its enterprise or place, or carries it."""
        if order.kind == Kind.CARRY:
            return self._carriers.get(order.subjects[0]) or self._carriers.get(order.mode)
        if order.enterprise:
            return self._enterprises.get(order.enterprise)
        return self._places.get(order.place)
