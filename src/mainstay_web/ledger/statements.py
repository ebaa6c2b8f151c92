"""The four statements of a movement in plain SQL: composing them by the ORM takes several times as long as all else."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from django.db import connection

from mainstay_web.ledger.models import Account, Lot, Movement

COLUMNS = (
    *("kind", "organisation_id", "at", "day", "by_id", "of_id"),
    *("reason", "reference", "key", "digest", "hash"),
)
ACCOUNT = ("id", "is_recalled", "stock", "reserved", "transit", "last_day", "head")
LOCK = """SELECT a.id, a.is_recalled, a.stock, a.reserved, a.transit, a.last_day, a.head,
    l.id, l.code, l.expires, l.is_recalled
    FROM ledger_account a JOIN ledger_lot l ON l.id = a.lot_id
    WHERE a.organisation_id = %s AND a.place = %s AND a.item = %s AND a.owner = %s AND """
OF_LOT = "l.code = %s ORDER BY a.id"
OF_ANY = "NOT (a.stock = 0 AND a.reserved = 0 AND a.transit = 0) ORDER BY a.id"
LOCKED = {"postgresql": " FOR NO KEY UPDATE OF a", "sqlite": ""}
"""SQLite has one writer at a time as it is."""
MOVEMENT = (
    f"INSERT INTO ledger_movement ({', '.join(COLUMNS)}) VALUES ({', '.join(['%s'] * len(COLUMNS))}) RETURNING id"
)
ENTRIES = "INSERT INTO ledger_entry (movement_id, account_id, book, quantity) VALUES "
BALANCES = "UPDATE ledger_account SET stock = %s, reserved = %s, transit = %s, last_day = %s, head = %s WHERE id = %s"


def lock_goods(organisation: int, place: str, item: str, owner: str, lot: str | None) -> list[Account]:
    """The accounts of goods, locked in one order: of the lot, or of all lots that hold something."""
    goods = [organisation, place, item, owner]
    statement = LOCK + (OF_ANY if lot is None else OF_LOT) + LOCKED[connection.vendor]
    with connection.cursor() as cursor:
        cursor.execute(statement, goods if lot is None else [*goods, lot])
        rows = cursor.fetchall()
    return [
        Account(
            **dict(zip(ACCOUNT, row, strict=False)),
            organisation_id=organisation,
            place=place,
            item=item,
            owner=owner,
            lot=Lot(row[7], item, *row[8:]),
        )
        for row in rows
    ]


def insert_movement(movement: Movement) -> None:
    """Write an act, and give it its number."""
    values = [getattr(movement, name) for name in COLUMNS]
    values[2] = connection.ops.adapt_datetimefield_value(movement.at)
    values[3] = connection.ops.adapt_datefield_value(movement.day)
    with connection.cursor() as cursor:
        cursor.execute(MOVEMENT, values)
        movement.pk = cursor.fetchone()[0]
    movement._state.adding, movement._state.db = False, connection.alias


def insert_entries(movement: Movement, legs: Sequence[tuple[int, str, int]]) -> None:
    """Write the entries of an act: account, book and quantity of each."""
    values = [value for leg in legs for value in (movement.pk, *leg)]
    with connection.cursor() as cursor:
        cursor.execute(ENTRIES + ", ".join(["(%s, %s, %s, %s)"] * len(legs)), values)


def keep_balances(account: Account, day: date, head: str) -> None:
    """Write the new balances of an account; the database refuses what would be below zero."""
    last = connection.ops.adapt_datefield_value(max(day, account.last_day or day))
    balances = [account.stock, account.reserved, account.transit]
    with connection.cursor() as cursor:
        cursor.execute(BALANCES, [*balances, last, head, account.pk])
