"""The industrial chain as a graph: tiers, dependence, concentration, single sources, critical paths, key enterprises."""

from mainstay.chain.analysis import Chain, analyse
from mainstay.chain.concentration import hhi

__all__ = ["Chain", "analyse", "hhi"]
