"""From a network to a plan's extents, levels and prices, with the proof; nobody else imports a solver."""

from mainstay.solve.again import Again, Change
from mainstay.solve.cover import lightest_cover
from mainstay.solve.matrix import Program, build
from mainstay.solve.probe import Probe, Probed
from mainstay.solve.solution import Options, Progress, Solution, StageProof
from mainstay.solve.solver import solve

__all__ = [
    "Again",
    "Change",
    "Options",
    "Probe",
    "Probed",
    "Program",
    "Progress",
    "Solution",
    "StageProof",
    "build",
    "lightest_cover",
    "solve",
]
