"""What people will need: the course of the epidemic, people by setting, items by rules of use."""

from mainstay.demand.derive import Demand, derive
from mainstay.demand.paths import Course, Note

__all__ = ["Course", "Demand", "Note", "derive"]
