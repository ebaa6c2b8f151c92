"""What would break us: take something away, for how long do we hold out; what is the smallest blow that breaks us."""

from mainstay.stress.disruption import Disruption, Target, all_disruptions, find_targets
from mainstay.stress.harden import Hardening, harden
from mainstay.stress.model import Model, make_model
from mainstay.stress.reverse import Blow, smallest_blow
from mainstay.stress.run import Exposure, Stress, stress

__all__ = [
    "Blow",
    "Disruption",
    "Exposure",
    "Hardening",
    "Model",
    "Stress",
    "Target",
    "all_disruptions",
    "find_targets",
    "harden",
    "make_model",
    "smallest_blow",
    "stress",
]
