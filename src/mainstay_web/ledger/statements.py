"""The statements of a movement in plain SQL: composing them by the ORM takes several times as long as all else."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from functools import cache
from typing import Any

from django.db import connection
from django.db.backends.postgresql.base import ServerBindingCursor
from psycopg.types.numeric import Int8

from mainstay_web.ledger.models import Account, Lot, Movement

Rows = list[tuple[Any, ...]]

ACCOUNT, LOT, MOVEMENT = (tuple(f.column for f in each._meta.concrete_fields) for each in (Account, Lot, Movement))
ACT = tuple(f.attname for f in Movement._meta.concrete_fields)[1:]
LOCK = f"""SELECT {", ".join([f"a.{name}" for name in ACCOUNT] + [f"l.{name}" for name in LOT])}
    FROM ledger_account a JOIN ledger_lot l ON l.id = a.lot_id
    WHERE a.organisation_id = %s AND a.place = %s AND a.item = %s AND a.owner = %s AND """
OF_LOT = "l.code = %s ORDER BY a.id"
OF_ANY = "NOT (a.stock = 0 AND a.reserved = 0 AND a.transit = 0) ORDER BY a.id"
LOCKED = {"postgresql": " FOR NO KEY UPDATE OF a", "sqlite": ""}
"""SQLite has one writer at a time as it is."""
INSERT = f"INSERT INTO ledger_movement ({', '.join(MOVEMENT[1:])}) VALUES ({', '.join(['%s'] * len(ACT))}) RETURNING id"
ENTRIES = "INSERT INTO ledger_entry (movement_id, account_id, book, quantity) VALUES "
BALANCES = "UPDATE ledger_account SET stock = %s, reserved = %s, transit = %s, last_day = %s, head = %s WHERE id = %s"


def lock_goods(organisation: int, place: str, item: str, owner: str, lot: str | None) -> list[Account]:
    """The accounts of goods, locked in one order: of the lot, or of all lots that hold something."""
    statement = LOCK + (OF_ANY if lot is None else OF_LOT) + LOCKED[connection.vendor]
    found = []
    for row in _rows(statement, [organisation, place, item, owner, *([] if lot is None else [lot])]):
        account = Account.from_db(connection.alias, ACCOUNT, row[: len(ACCOUNT)])
        account.lot = Lot.from_db(connection.alias, LOT, row[len(ACCOUNT) :])
        found.append(account)
    return found


def keep(movement: Movement, legs: Sequence[tuple[int, str, int]], accounts: Sequence[Account], day: date) -> None:
    """Write an act and give it its number, its entries (account, book, quantity), and the new balances of its accounts.

    The database refuses a balance below zero.
    """
    act = [getattr(movement, name) for name in ACT]
    act[ACT.index("at")] = connection.ops.adapt_datetimefield_value(movement.at)
    act[ACT.index("day")] = connection.ops.adapt_datefield_value(movement.day)
    balances = [_balances(account, day, movement.hash) for account in accounts]
    movement.pk = WRITE[connection.vendor](act, legs, balances)
    movement._state.adding, movement._state.db = False, connection.alias


def _balances(account: Account, day: date, head: str) -> list[Any]:
    last = connection.ops.adapt_datefield_value(max(day, account.last_day or day))
    return [account.stock, account.reserved, account.transit, last, head, account.pk]


def _write_on_postgresql(act: list[Any], legs: Sequence[tuple[int, str, int]], balances: list[list[Any]]) -> int:
    """All in one statement; gives the number of the act."""
    values = [*act, *_flat(legs), *_flat(balances)]
    number: int = _rows(_all_at_once(len(legs), len(balances)), values)[0][0]
    return number


@cache
def _all_at_once(legs: int, accounts: int) -> str:
    """The statement that writes an act with so many entries and accounts."""
    entry = "((SELECT id FROM act), %s, %s, %s)"
    changes = "".join(f", account_{n} AS ({BALANCES})" for n in range(accounts))
    return f"WITH act AS ({INSERT}), entries AS ({ENTRIES}{', '.join([entry] * legs)}){changes} SELECT id FROM act"


def _write_on_sqlite(act: list[Any], legs: Sequence[tuple[int, str, int]], balances: list[list[Any]]) -> int:
    """One statement after the other, which go to no other process; gives the number of the act."""
    with connection.cursor() as cursor:
        cursor.execute(INSERT, act)
        number: int = cursor.fetchone()[0]
        cursor.execute(ENTRIES + ", ".join(["(%s, %s, %s, %s)"] * len(legs)), _flat((number, *leg) for leg in legs))
        cursor.executemany(BALANCES, balances)
    return number


WRITE = {"postgresql": _write_on_postgresql, "sqlite": _write_on_sqlite}


def _flat(rows: Iterable[Iterable[Any]]) -> list[Any]:
    return [value for row in rows for value in row]


def _rows(statement: str, values: Sequence[Any]) -> Rows:
    """What a statement gives; on PostgreSQL it is planned once for each connection.

    Numbers are of one width whatever their size, so that it stays the same statement.
    """
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute(statement, values)
            return list(cursor.fetchall())
    connection.ensure_connection()
    with connection.make_cursor(ServerBindingCursor(connection.connection)) as cursor:
        cursor.execute(statement, [Int8(value) if isinstance(value, int) else value for value in values])
        return list(cursor.fetchall())
