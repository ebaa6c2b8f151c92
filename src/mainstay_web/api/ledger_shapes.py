"""What goes in and out of the interface of the ledger."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Literal

from ninja import Schema
from pydantic import Field

from mainstay_web.api.shapes import Word
from mainstay_web.ledger.models import Book, Owner
from mainstay_web.ledger.quantities import MOST

Quantity = Annotated[
    float, Field(ge=0, le=MOST, description="in units of the item, at most three digits after the point")
]
Owners = Literal[tuple(Owner.values)]


class GoodsIn(Schema):
    """Whose goods of an item where; without a lot what expires first goes first."""

    organisation: Word
    place: Word
    item: Word
    owner: Owners | None = Field(None, description="facility in a facility, else enterprise")


class Why(Schema):
    """Why it is done, and what for."""

    reason: Word = ""
    reference: Annotated[Word, Field(max_length=200)] = Field("", description="what it was done for, as one likes")


class ReceiptIn(GoodsIn, Why):
    quantity: Quantity
    lot: Word = ""
    expires: date | None = None
    source: Literal[Book.PRODUCTION.value, Book.SUPPLY.value] = Book.SUPPLY.value
    day: date | None = Field(None, description="on which it happened; today unless said")


class IssueIn(GoodsIn, Why):
    quantity: Quantity
    lot: Word | None = None
    use: Literal[Book.CONSUMPTION.value, Book.LOSS.value] = Book.CONSUMPTION.value
    day: date | None = None


class DestinationIn(Schema):
    organisation: Word
    place: Word
    owner: Owners | None = None


class TransferIn(GoodsIn, Why):
    quantity: Quantity
    lot: Word | None = None
    to: DestinationIn
    is_there: bool = Field(False, description="there at once, not on the way until they arrive")
    day: date | None = None


class ReservationIn(GoodsIn, Why):
    quantity: Quantity
    lot: Word | None = None
    until: datetime | None = Field(None, description="with its zone; a day from now unless said")


class PostIn(Why):
    quantity: Quantity | None = Field(None, description="all that is reserved, unless said; the rest is free again")
    to: DestinationIn | None = Field(None, description="where it is sent; without it, it is used")


class ArrivalIn(Why):
    counted: dict[str, Quantity] | None = Field(None, description="what came of each lot, where not all did")
    day: date | None = None


class CountIn(GoodsIn, Why):
    counted: Quantity
    lot: Word = ""
    expires: date | None = None


class EntryOut(Schema):
    organisation: str
    place: str
    item: str
    owner: str
    lot: str
    book: str
    quantity: float


class MovementOut(Schema):
    """Entries of one movement sum to zero."""

    id: int
    kind: str
    organisation: str
    at: datetime
    day: date
    person: str | None
    of: int | None = Field(description="the movement that this one ends, completes or reverses")
    reason: str
    reference: str
    key: str
    hash: str
    entries: list[EntryOut]


class ReservationOut(Schema):
    id: int
    until: datetime
    counts: bool = Field(description="whether it holds goods now")
    movement: MovementOut


class BalanceOut(Schema):
    organisation: str
    place: str
    item: str
    owner: str
    lot: str
    expires: date | None
    is_recalled: bool
    stock: float = Field(description="free")
    reserved: float
    transit: float = Field(description="on the way here")


class StopOut(Schema):
    """One place that a lot came to; came + lost - sent - used = lies + coming."""

    organisation: str
    place: str
    owner: str
    step: int
    came: float
    sent: float
    used: float
    lost: float = Field(description="found more (above 0) or less than there should be")
    lies: float
    coming: float


class RecallOut(Schema):
    item: str
    lot: str
    expires: date | None
    is_recalled: bool
    unseen: int = Field(description="places that the person may not see")
    stops: list[StopOut]
