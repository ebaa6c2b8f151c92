"""What makers can really do, from reports: usable capacity, resumption, blockers, and which figures to ask about."""

from mainstay.survey.capacity import Survey, nominal_capacity, usable_capacity
from mainstay.survey.follow import with_survey
from mainstay.survey.plausibility import missing_days, plausibility

__all__ = ["Survey", "missing_days", "nominal_capacity", "plausibility", "usable_capacity", "with_survey"]
