"""ABC and VED: classes of items by what is spent on them and by how much their absence harms."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

A_SHARE, B_SHARE = 0.7, 0.9
"""Shares of all money that A alone, and A with B, reach: the 70 / 20 / 10 that hospital pharmacies use."""

NONE = "none"


def abc_classes(value: Mapping[str, float | None]) -> dict[str, str]:
    """Class of each item: A the dearest until they reach 70 % of the money, B until 90 %, C the rest.

    The item that crosses a border still belongs before it. One whose value is not known, or 0, has none.

    >>> abc_classes({"mask": 60.0, "suit": 25.0, "gel": 10.0, "tag": 5.0, "pen": None})
    {'mask': 'A', 'suit': 'A', 'gel': 'B', 'tag': 'C', 'pen': 'none'}
    """
    known = {item: money for item, money in value.items() if money}
    total, before = sum(known.values()), 0.0
    found = dict.fromkeys(value, NONE)
    for item in sorted(known, key=lambda each: (-known[each], each)):
        reached = before / total
        found[item] = "A" if reached < A_SHARE else "B" if reached < B_SHARE else "C"
        before += known[item]
    return found


def category(abc: str, ved: str | None) -> str:
    """Category of control: I all that is dear or vital, III what is cheap and only desirable, II the rest.

    >>> [category(*each) for each in (("C", "vital"), ("B", "essential"), ("C", "desirable"), ("A", "desirable"))]
    ['I', 'II', 'III', 'I']
    """
    if abc == "A" or ved == "vital":
        return "I"
    if abc == NONE or ved is None:
        return NONE
    return "III" if abc == "C" and ved == "desirable" else "II"


def shares_of_classes(classes: Sequence[str], among: Sequence[str]) -> dict[str, float]:
    """Share of the items in each class, as studies print it.

    >>> shares_of_classes(["A", "C", "C", "C"], "ABC")
    {'A': 0.25, 'B': 0.0, 'C': 0.75}
    """
    return {each: list(classes).count(each) / max(len(classes), 1) for each in among}
