"""Rules of plausibility by subject; each has a name that findings, docs and tests use.

To add a rule: write it in the module of its subject, name it in that module's ``RULES``, put its limits with their
source into ``limits.py``, and give it a test and a line in ``docs/survey.md``.
"""

from mainstay.survey.evidence import Rule
from mainstay.survey.rules import making, receiving, series

RULES: tuple[Rule, ...] = (*making.RULES, *series.RULES, *receiving.RULES)
"""All rules, in the order in which they are tried."""
