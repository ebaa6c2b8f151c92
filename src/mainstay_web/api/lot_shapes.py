"""What goes in and out of the interface for confirmations by lot."""

from __future__ import annotations

from datetime import date
from typing import Annotated

from ninja import Schema
from pydantic import Field, StringConstraints

from mainstay_web.api.ledger_shapes import Quantity
from mainstay_web.api.shapes import Word

Note = Annotated[str, StringConstraints(pattern=r"^[^\x00]*$", max_length=300)]
Number = Annotated[int, Field(ge=1, lt=2**63)]


class DepartureIn(Schema):
    """How much leaves: of each lot, or in all of what expires first."""

    lots: dict[Word, Quantity] | None = Field(None, description="how much of each lot")
    quantity: Quantity | None = Field(None, description="in all, of what expires first; instead of lots")
    organisation: Word | None = Field(None, description="whose goods; the addressee's unless said")
    note: Note = ""


class DirectiveArrivalIn(Schema):
    """What has come of a shipment."""

    shipment: Number = Field(description="the movement that sent it")
    counted: dict[Word, Quantity] | None = Field(None, description="what came of each lot, where not all did")
    note: Note = ""


class LotIn(Schema):
    """A lot that was made, or that came without a shipment in the ledger."""

    quantity: Quantity
    lot: Annotated[Word, Field(max_length=100)] = ""
    expires: date | None = None
    note: Note = ""


class HeldLotOut(Schema):
    lot: str
    expires: date | None
    free: float
    proposed: float = Field(description="of what is due by today, first expired first out")


class HeldOut(Schema):
    organisation: str
    lots: list[HeldLotOut]


class ComingOut(Schema):
    """A shipment on the way to the place of the directive."""

    shipment: int
    organisation: str = Field(description="who sent it")
    day: date
    lots: dict[str, float]


class MovedLotOut(Schema):
    lot: str
    sent: float | None
    came: float | None
    difference: float | None = Field(description="came short (below 0) or over; null while it is on the way")


class MovedOut(Schema):
    """A movement that carried out some of the directive."""

    movement: int
    kind: str
    day: date
    lots: list[MovedLotOut]
    arrival: int | None = Field(description="of a shipment: the movement that took it in")
    reversed_by: int | None


class LotsOut(Schema):
    """What the ledger says of a directive."""

    is_by_lot: bool = Field(description="it is confirmed by lot, and no more reported as a number")
    done: float = Field(description="sum of its movements")
    next_key: str = Field(description="a key for the next confirmation: two who saw the same confirm it once")
    held: list[HeldOut] = Field(description="what may leave")
    coming: list[ComingOut]
    moved: list[MovedOut] = Field(description="the newest first")
