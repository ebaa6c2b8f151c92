"""What the pages of the ledger share."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest

from mainstay_web.accounts import rights
from mainstay_web.accounts.models import Person
from mainstay_web.accounts.templatetags.words import is_chinese, unit_words
from mainstay_web.ledger import queries
from mainstay_web.ledger.models import Account, Movement
from mainstay_web.registry.queries import rows
from mainstay_web.registry.shape import key_of


def enter(request: HttpRequest, action: str = "ledger.view") -> Person:
    """The person, when they may do this in any organisation.

    Raises
    ------
    PermissionDenied : they may not
    """
    if not rights.may_somewhere(request.user, action):
        raise PermissionDenied(action)
    return request.user


def movement_of(person: Person, pk: int) -> Movement:
    """A movement that the person may see.

    Raises
    ------
    Http404 : there is none, or they may not know of it
    """
    found = queries.movements(person).filter(pk=pk).first()
    if found is None:
        raise Http404
    return found


class Names:
    """What items and places are called in the reader's language, and what items are counted in; asked once for many."""

    def __init__(self, accounts: Iterable[Account]) -> None:
        accounts = list(accounts)
        self._items = _bodies("items", {a.item for a in accounts})
        self._places = _bodies("places", {a.place for a in accounts})

    def item(self, code: str) -> str:
        """The name of an item."""
        return _name(self._items.get(code), code)

    def place(self, code: str) -> str:
        """The name of a place."""
        return _name(self._places.get(code), code)

    def unit(self, code: str) -> str:
        """The unit of an item."""
        return unit_words(self._items.get(code, {}).get("unit", ""))


def _bodies(table: str, codes: set[str]) -> dict[str, dict[str, Any]]:
    found = rows(table).filter(key__in=[key_of([code]) for code in codes]).values_list("body", flat=True)
    return {body[table.removesuffix("s")]: body for body in found}


def _name(body: dict[str, Any] | None, code: str) -> str:
    body = body or {}
    return str((is_chinese() and body.get("name_zh")) or body.get("name") or code)
