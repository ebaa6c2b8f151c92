"""From a network to a plan's extents, levels and prices, with the proof; nobody else imports a solver."""

from mainstay.solve.again import Again, Change
from mainstay.solve.benders import Bundle, decompose
from mainstay.solve.cover import lightest_cover
from mainstay.solve.matrix import Program, build
from mainstay.solve.probe import Probe, Probed
from mainstay.solve.risk import Risk, cvar
from mainstay.solve.solution import Options, Progress, Solution, StageProof
from mainstay.solve.solver import solve
from mainstay.solve.two_stage import Core, Found, Outcomes, TwoStage, solve_extensive

__all__ = [
    "Again",
    "Bundle",
    "Change",
    "Core",
    "Found",
    "Options",
    "Outcomes",
    "Probe",
    "Probed",
    "Program",
    "Progress",
    "Risk",
    "Solution",
    "StageProof",
    "TwoStage",
    "build",
    "cvar",
    "decompose",
    "lightest_cover",
    "solve",
    "solve_extensive",
]
