"""What would break us: take something away, for how long do we hold out; what is the smallest blow that breaks us."""

from mainstay.stress.disruption import Disruption, Target, all_disruptions, find_targets
from mainstay.stress.harden import Hardening, harden
from mainstay.stress.model import Model, make_model
from mainstay.stress.reverse import Blow, smallest_blow
from mainstay.stress.run import Bench, Exposure, Stress, stress
from mainstay.stress.study import Study, pairs

__all__ = [
    "Bench",
    "Blow",
    "Disruption",
    "Exposure",
    "Hardening",
    "Model",
    "Stress",
    "Study",
    "Target",
    "all_disruptions",
    "find_targets",
    "harden",
    "make_model",
    "pairs",
    "smallest_blow",
    "stress",
]
