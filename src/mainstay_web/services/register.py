"""Rows of the register that follow from decisions: written with the person, under the right of the decision."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from mainstay_web.accounts.models import Organisation, Person
from mainstay_web.accounts.templatetags.words import is_chinese
from mainstay_web.registry import actions, queries, shape
from mainstay_web.registry.models import Row


def row_of(table: str, *key: Any) -> Row | None:
    """The row of that key as it is now."""
    return queries.rows(table).filter(key=shape.key_of(key)).first()


def body_of(table: str, *key: Any) -> dict[str, Any]:
    """What is stored of that row; empty when there is none."""
    row = row_of(table, *key)
    return dict(row.body) if row else {}


def put(
    table: str, *rows: dict[str, Any], organisation: Organisation, by: Person | None, reason: str, right: str
) -> None:
    """Write rows, all or none.

    Raises
    ------
    ValidationError : a row is refused, with what was found
    """
    outcome = actions.put_rows(table=table, rows=rows, organisation=organisation, by=by, reason=reason, right=right)
    if outcome.refused:
        raise ValidationError([f"{found.message} {found.remedy}" for found in outcome.findings])


def remove(table: str, *key: Any, organisation: Organisation, by: Person | None, reason: str, right: str) -> None:
    """Remove a row, if it is there."""
    keys = [shape.key_of(key)]
    actions.remove_rows(table=table, keys=keys, organisation=organisation, by=by, reason=reason, right=right)


def require_row(table: str, code: str, label: Any) -> Row:
    """The row of that code.

    Raises
    ------
    ValidationError : the register has none
    """
    row = row_of(table, code)
    if row is None:
        words = {"what": label, "code": code}
        raise ValidationError(_("%(what)s: the register knows no “%(code)s”. Choose one from the list.") % words)
    return row


def choices(table: str, **body: Any) -> list[tuple[str, str]]:
    """Rows of a table for a list to choose from: code and name."""
    found = queries.rows(table).filter(**{f"body__{name}": value for name, value in body.items()})
    return [(key_code(row), name_of(row)) for row in found.order_by("label")]


def key_code(row: Row) -> str:
    """The code of a row whose key is one column."""
    return str(row.body[shape.declared(row.table).key[0]])


def name_of(row: Row) -> str:
    """What a row is called in the reader's language."""
    return (row.body.get("name_zh") if is_chinese() else "") or row.body.get("name") or key_code(row)


def named_code(table: str, code: str) -> str:
    """What the row of that code is called; the code itself where there is none."""
    row = row_of(table, code)
    return name_of(row) if row else code
