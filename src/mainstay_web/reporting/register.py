"""The register as a case, for the core's rules; read again when it has a newer row."""

from __future__ import annotations

from datetime import date
from functools import lru_cache

from django.db.models import Max

from mainstay.tables import Case, make_case
from mainstay_web.registry import queries as registry
from mainstay_web.registry.models import Row


def register() -> Case | None:
    """The tables of the register; None while it is empty."""
    return _read(Row.objects.aggregate(newest=Max("pk"))["newest"] or 0)


@lru_cache(maxsize=1)
def _read(newest: int) -> Case | None:
    return make_case(date.today(), registry.current_tables()) if newest else None
