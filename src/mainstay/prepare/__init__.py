"""What should stand ready: choose stock, standby lines, contracts and sites before we know which outbreak comes."""

from mainstay.prepare.design import Design, Policy, make_design
from mainstay.prepare.future import Future, futures_of, held_out
from mainstay.prepare.model import Preparation, make_preparation

__all__ = ["Design", "Future", "Policy", "Preparation", "futures_of", "held_out", "make_design", "make_preparation"]
