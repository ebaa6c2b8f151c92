"""Confirmations of directives by lot: ``client.lots.send_out(...)``."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Any

from mainstay_client.answers import build
from mainstay_client.ledger import Movement, write

if TYPE_CHECKING:
    from mainstay_client.client import Client


@dataclass(frozen=True)
class HeldLot:
    """A lot that may leave: how much is free, and how much is proposed of what is due by today."""

    lot: str
    expires: date | None
    free: float
    proposed: float


@dataclass(frozen=True)
class Held:
    """What one organisation holds of the goods of a directive."""

    organisation: str
    lots: list[HeldLot] = field(default_factory=list)


@dataclass(frozen=True)
class Coming:
    """A shipment on the way: the number of its movement, and how much of each lot."""

    shipment: int
    organisation: str
    day: date
    lots: dict[str, float]


@dataclass(frozen=True)
class MovedLot:
    """How much of a lot was sent and came; ``difference`` below 0: it came short; None: it is on the way."""

    lot: str
    sent: float | None
    came: float | None
    difference: float | None


@dataclass(frozen=True)
class Moved:
    """A movement that carried out some of a directive."""

    movement: int
    kind: str
    day: date
    lots: list[MovedLot]
    arrival: int | None = None
    reversed_by: int | None = None


@dataclass(frozen=True)
class LotsOfDirective:
    """What the ledger says of a directive; ``next_key`` lets two who saw the same confirm it once."""

    is_by_lot: bool
    done: float
    next_key: str
    held: list[Held] = field(default_factory=list)
    coming: list[Coming] = field(default_factory=list)
    moved: list[Moved] = field(default_factory=list)


class Lots:
    """What an addressee confirms by lot; each call moves the stock of the ledger and takes the step, or neither.

    Every call carries a ``key``: calling it again with the same key and the same words counts once. Quantities are in
    units of the item.

    Raises
    ------
    CallRefusedError : 409, it does not fit the stock, or the key was used for something else; 403, 404, 422
    UnreachableError : no answer; call again with the same key
    """

    def __init__(self, client: Client) -> None:
        self._client = client

    def of(self, directive: int) -> LotsOfDirective:
        """What may leave, what comes, and what moved."""
        said = self._client.call("GET", f"/directives/{directive}/lots").json()
        held = [
            build(Held, each | {"lots": [build(HeldLot, lot) for lot in each["lots"]]}) for each in said.pop("held")
        ]
        moved = [
            build(Moved, each | {"lots": [build(MovedLot, lot) for lot in each["lots"]]}) for each in said.pop("moved")
        ]
        coming = [build(Coming, each) for each in said.pop("coming")]
        return build(LotsOfDirective, {**said, "held": held, "coming": coming, "moved": moved})

    def send_out(
        self,
        directive: int,
        *,
        key: str,
        lots: Mapping[str, float] | None = None,
        quantity: float | None = None,
        **options: Any,
    ) -> Movement:
        """Goods leave: how much of each lot, or a quantity of what expires first; ``organisation`` says whose."""
        said = {"lots": dict(lots)} if lots is not None else {"quantity": quantity}
        return write(self._client, f"/directives/{directive}/departures", key, {**said, **options})

    def take_in(
        self, directive: int, shipment: int, *, key: str, counted: Mapping[str, float] | None = None, note: str = ""
    ) -> Movement:
        """What a movement sent has come; ``counted`` says what came of each lot, where not all did."""
        said = {"shipment": shipment, "counted": None if counted is None else dict(counted), "note": note}
        return write(self._client, f"/directives/{directive}/arrivals", key, said)

    def book(self, directive: int, *, quantity: float, key: str, lot: str = "", **options: Any) -> Movement:
        """A lot was made, or came without a shipment; ``expires`` is its last day."""
        return write(
            self._client, f"/directives/{directive}/receipts", key, {"quantity": quantity, "lot": lot, **options}
        )
