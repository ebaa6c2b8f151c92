"""Units that quantities are counted in, and how those of one dimension convert."""

from __future__ import annotations

# unit -> (dimension, how many base units of that dimension one of it is)
UNITS: dict[str, tuple[str, float]] = {
    "piece": ("count", 1),
    "thousand": ("count", 1e3),
    "million": ("count", 1e6),
    "pair": ("pair", 1),
    "set": ("set", 1),
    "box": ("box", 1),
    "test": ("test", 1),
    "dose": ("dose", 1),
    "course": ("course", 1),
    "unit": ("machine", 1),
    "g": ("mass", 1e-3),
    "kg": ("mass", 1),
    "t": ("mass", 1e3),
    "mL": ("volume", 1e-3),
    "L": ("volume", 1),
    "m3": ("volume", 1e3),
    "m": ("length", 1),
    "km": ("length", 1e3),
    "m2": ("area", 1),
}


def factor(from_unit: str, to_unit: str) -> float | None:
    """How many ``to_unit`` one ``from_unit`` is; None when they measure different things.

    >>> factor("t", "kg")
    1000.0
    >>> factor("t", "piece") is None
    True
    """
    from_dimension, from_size = UNITS[from_unit]
    to_dimension, to_size = UNITS[to_unit]
    return from_size / to_size if from_dimension == to_dimension else None
