"""The course of the epidemic: what was reported and what may follow, as sample paths."""

from mainstay.demand.course.project import project_course
from mainstay.demand.course.score import score_course

__all__ = ["project_course", "score_course"]
