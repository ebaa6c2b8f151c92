"""Rules that look at rows together, by subject; each has a name that findings, docs and tests use.

To add a rule: write it in the module of its subject, name it in that module's ``RULES``, and give it a test.
"""

from mainstay.tables.declaration import Rule
from mainstay.tables.rules import (
    dates,
    demand,
    epidemic,
    events,
    industry,
    places,
    prepare,
    reach,
    reports,
    rotation,
    supply,
    transport,
    units,
    use,
)

RULES: tuple[Rule, ...] = (
    *units.RULES,
    *dates.RULES,
    *demand.RULES,
    *places.RULES,
    *industry.RULES,
    *supply.RULES,
    *epidemic.RULES,
    *events.RULES,
    *use.RULES,
    *reports.RULES,
    *rotation.RULES,
    *transport.RULES,
    *reach.RULES,
    *prepare.RULES,
)
"""All rules of rows together, in the order in which they are tried."""
