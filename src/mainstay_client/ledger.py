"""Calls of the stock ledger: ``client.ledger.issue(...)``."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from mainstay_client.answers import build

if TYPE_CHECKING:
    from mainstay_client.client import Client


@dataclass(frozen=True)
class Entry:
    """So much into a book of an account of the ledger, out of it where negative."""

    organisation: str
    place: str
    item: str
    owner: str
    lot: str
    book: str
    quantity: float


@dataclass(frozen=True)
class Movement:
    """A movement of the ledger; its entries sum to zero. ``is_new`` False: it was written before under the same key."""

    id: int
    kind: str
    organisation: str
    at: datetime
    day: date
    person: str | None
    of: int | None
    reason: str
    reference: str
    key: str
    hash: str
    entries: list[Entry] = field(default_factory=list)
    is_new: bool = True


@dataclass(frozen=True)
class Balance:
    """What lies of a lot at a place: free ``stock``, ``reserved``, and ``transit`` on the way there."""

    organisation: str
    place: str
    item: str
    owner: str
    lot: str
    expires: date | None
    is_recalled: bool
    stock: float
    reserved: float
    transit: float


@dataclass(frozen=True)
class Stop:
    """One place that a lot came to; came + lost - sent - used = lies + coming."""

    organisation: str
    place: str
    owner: str
    step: int
    came: float
    sent: float
    used: float
    lost: float
    lies: float
    coming: float


@dataclass(frozen=True)
class Recall:
    """Where a lot went; ``unseen``: places that the person may not see."""

    item: str
    lot: str
    expires: date | None
    is_recalled: bool
    unseen: int
    stops: list[Stop] = field(default_factory=list)


class Ledger:
    """What a person may do with stock on the platform.

    Every call that moves goods carries a ``key`` of one's own: calling it again with the same key and the same words
    counts once. Quantities are in units of the item, with at most three digits after the point; ``options`` are those
    of docs/platform-ledger.md (``lot``, ``owner``, ``day``, ``reason``, ``reference`` and so on).

    Raises
    ------
    CallRefusedError : 409, it does not fit the stock, or the key was used for something else; 403, 404, 422
    UnreachableError : no answer; call again with the same key
    """

    def __init__(self, client: Client) -> None:
        self._client = client

    def receive(
        self, *, organisation: str, place: str, item: str, quantity: float, key: str, **options: Any
    ) -> Movement:
        """Goods came in from production or from outside."""
        said = {"organisation": organisation, "place": place, "item": item, "quantity": quantity, **options}
        return write(self._client, "/ledger/receipts", key, said)

    def issue(self, *, organisation: str, place: str, item: str, quantity: float, key: str, **options: Any) -> Movement:
        """Goods were used, or written off."""
        said = {"organisation": organisation, "place": place, "item": item, "quantity": quantity, **options}
        return write(self._client, "/ledger/issues", key, said)

    def transfer(
        self,
        *,
        organisation: str,
        place: str,
        item: str,
        quantity: float,
        to: Mapping[str, str],
        key: str,
        **options: Any,
    ) -> Movement:
        """Goods leave for another place; ``to`` names its ``organisation`` and ``place``."""
        said = {"organisation": organisation, "place": place, "item": item, "quantity": quantity, "to": dict(to)}
        return write(self._client, "/ledger/transfers", key, {**said, **options})

    def arrive(
        self, shipment: int, *, key: str, counted: Mapping[str, float] | None = None, **options: Any
    ) -> Movement:
        """What a movement sent has come; ``counted`` says what came of each lot, where not all did."""
        said: dict[str, Any] = {} if counted is None else {"counted": dict(counted)}
        return write(self._client, f"/ledger/movements/{shipment}/arrival", key, {**said, **options})

    def reserve(
        self, *, organisation: str, place: str, item: str, quantity: float, key: str, **options: Any
    ) -> Movement:
        """Goods are set aside; the ``id`` of the movement is that of the reservation."""
        said = {"organisation": organisation, "place": place, "item": item, "quantity": quantity, **options}
        return write(self._client, "/ledger/reservations", key, said)

    def post(self, reservation: int, *, key: str, **options: Any) -> Movement:
        """What was reserved is used, or sent (``to``)."""
        return write(self._client, f"/ledger/reservations/{reservation}/post", key, options)

    def void(self, reservation: int, *, key: str, **options: Any) -> Movement:
        """A reservation is given up."""
        return write(self._client, f"/ledger/reservations/{reservation}/void", key, options)

    def count(self, *, organisation: str, place: str, item: str, counted: float, key: str, **options: Any) -> Movement:
        """What was counted of a lot."""
        said = {"organisation": organisation, "place": place, "item": item, "counted": counted, **options}
        return write(self._client, "/ledger/counts", key, said)

    def reverse(self, movement: int, *, key: str, **options: Any) -> Movement:
        """A movement was wrong."""
        return write(self._client, f"/ledger/movements/{movement}/reversal", key, options)

    def movements(self, **sought: str) -> Iterator[Movement]:
        """Movements that the person may see, the newest first; by ``kind``, ``item``, ``lot``, ``reference``."""
        return self._client.pages(_movement, "/ledger/movements", sought)

    def balances(self, *, day: date | None = None, **sought: str) -> Iterator[Balance]:
        """What lies where, now or at the end of a day; by ``organisation``, ``place``, ``item``, ``lot``."""
        params = sought if day is None else {**sought, "day": day.isoformat()}
        return self._client.pages(lambda said: build(Balance, said), "/ledger/balances", params)

    def where(self, *, item: str, lot: str) -> Recall:
        """Where a lot went, and what is there now."""
        answer = self._client.call("GET", "/ledger/recalls", params={"item": item, "lot": lot})
        return _recall(answer.json())

    def recall(self, *, item: str, lot: str, reason: str, key: str) -> Recall:
        """Let goods of a lot go to nobody any more.

        Raises
        ------
        CallRefusedError : 409, it is recalled already
        """
        params, headers = {"item": item, "lot": lot}, {"Idempotency-Key": key}
        answer = self._client.call("POST", "/ledger/recalls", params=params, json={"reason": reason}, headers=headers)
        return _recall(answer.json())


def write(client: Client, path: str, key: str, said: Mapping[str, Any]) -> Movement:
    """Have a movement written, once under the key."""
    body = {name: value.isoformat() if isinstance(value, date) else value for name, value in said.items()}
    answer = client.call("POST", path, json=body, headers={"Idempotency-Key": key})
    return _movement(answer.json() | {"is_new": answer.status_code == 201})


def _movement(said: Mapping[str, Any]) -> Movement:
    return build(Movement, {**said, "entries": [build(Entry, one) for one in said["entries"]]})


def _recall(said: Mapping[str, Any]) -> Recall:
    return build(Recall, {**said, "stops": [build(Stop, one) for one in said["stops"]]})
