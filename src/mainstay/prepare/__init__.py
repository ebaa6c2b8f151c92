"""What should stand ready: choose stock, standby lines, contracts and sites before we know which outbreak comes."""

from mainstay.prepare.design import Design, Policy, make_design
from mainstay.prepare.events import library
from mainstay.prepare.future import Future, futures_of, held_out
from mainstay.prepare.model import Preparation, make_preparation
from mainstay.prepare.peacetime import peacetime_use
from mainstay.prepare.reduce import Reduction, reduce_futures
from mainstay.prepare.rotation import Rotation, RotationPlan, no_waste_limit, plan_rotation
from mainstay.prepare.sample import Sample, sample_futures
from mainstay.prepare.scores import score_items
from mainstay.prepare.siting import Siting, SitingRules, site

__all__ = [
    "Design",
    "Future",
    "Policy",
    "Preparation",
    "Reduction",
    "Rotation",
    "RotationPlan",
    "Sample",
    "Siting",
    "SitingRules",
    "futures_of",
    "held_out",
    "library",
    "make_design",
    "make_preparation",
    "no_waste_limit",
    "peacetime_use",
    "plan_rotation",
    "reduce_futures",
    "sample_futures",
    "score_items",
    "site",
]
