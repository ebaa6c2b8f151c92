"""The industrial chain as a graph: who depends on whom, in how few hands things are, on whom most rests."""

from mainstay.chain.analysis import Chain, analyse
from mainstay.chain.concentration import hhi

__all__ = ["Chain", "analyse", "hhi"]
