"""Accounts with what is on them now, lots, and movements with their entries, which nothing changes."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.functional import lazy
from django.utils.translation import gettext_lazy as _

from mainstay.tables import CASE_TABLES
from mainstay.tables.choices import choice_words
from mainstay_web import clock
from mainstay_web.accounts.models import Organisation
from mainstay_web.accounts.templatetags.words import named

START = "0" * 64


class Book(models.TextChoices):
    """Where goods of an account are, came from or went to; the first three are kept and never negative."""

    STOCK = "stock", _("Free stock")
    RESERVED = "reserved", _("Reserved")
    TRANSIT = "transit", _("On the way here")
    PRODUCTION = "production", _("Production")
    SUPPLY = "supply", _("Supply from outside")
    CONSUMPTION = "consumption", _("Consumption")
    LOSS = "loss", _("Losses and differences")


KEPT = (Book.STOCK, Book.RESERVED, Book.TRANSIT)
_owners = CASE_TABLES["stocks"].column("owner")


def _owner(code: str) -> str:
    return named(choice_words(_owners, code))


Owner = models.TextChoices("Owner", {code.upper(): (code, lazy(_owner, str)(code)) for code in _owners.choices})
"""For whom goods are kept, as in the table ``stocks``."""


class Lot(models.Model):
    """Goods of one item that came together and expire together; ``code`` empty: no lot is told."""

    item = models.CharField(max_length=100)
    code = models.CharField(max_length=100, blank=True)
    expires = models.DateField(null=True)
    is_recalled = models.BooleanField(default=False)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("item", "code"), name="one_lot_of_a_code"),
            models.CheckConstraint(
                condition=~Q(code="") | Q(expires__isnull=True, is_recalled=False), name="what_expires_has_a_lot"
            ),
        )

    def __str__(self) -> str:
        return f"{self.item} {self.code}".strip()


class Account(models.Model):
    """Goods of one lot of an owner at a place of an organisation, in thousandths of the item's unit.

    ``stock``, ``reserved`` and ``transit`` are the sums of its entries in these books. ``head`` is the hash of its last
    movement, ``last_day`` the latest day of any. ``is_recalled`` repeats what its lot says, where it is locked.
    """

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="ledger_accounts")
    place = models.CharField(max_length=100)
    item = models.CharField(max_length=100)
    owner = models.CharField(max_length=10, choices=Owner.choices)
    lot = models.ForeignKey(Lot, on_delete=models.PROTECT, related_name="accounts")
    is_recalled = models.BooleanField(default=False)
    stock = models.BigIntegerField(default=0)
    reserved = models.BigIntegerField(default=0)
    transit = models.BigIntegerField(default=0)
    last_day = models.DateField(null=True)
    head = models.CharField(max_length=64, default=START)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("organisation", "place", "item", "owner", "lot"), name="one_account_of_a_lot"
            ),
            *(
                models.CheckConstraint(condition=Q(**{f"{book}__gte": 0}), name=f"{book.value}_is_never_negative")
                for book in KEPT
            ),
        )

    def __str__(self) -> str:
        return f"{self.lot} at {self.place}"

    @property
    def on_hand(self) -> int:
        """What lies there, free or reserved."""
        return self.stock + self.reserved


class WrittenOnce(models.Model):
    """A row that is never changed or deleted; the database refuses it too (``ledger.triggers``)."""

    class Meta:
        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Write the row once."""
        if not self._state.adding:
            raise TypeError("A row of the ledger is never changed. Reverse the movement instead.")
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        """Refuse."""
        raise TypeError("A row of the ledger is never deleted. Reverse the movement instead.")


class Movement(WrittenOnce):
    """One act: who did what when, on which day it counts, and why; its entries sum to zero.

    ``of`` is the movement that this one ends, completes or reverses. ``hash`` covers the act, its entries and the last
    hash of each account that it touches, so that all movements of an account are a chain.
    """

    class Kind(models.TextChoices):
        OPENING = "opening", _("Opening")
        RECEIVE = "receive", _("Receipt")
        ISSUE = "issue", _("Issue")
        TRANSFER = "transfer", _("Transfer")
        ARRIVE = "arrive", _("Arrival")
        RESERVE = "reserve", _("Reservation")
        POST = "post", _("Issue of what was reserved")
        VOID = "void", _("Reservation given up")
        TIME_OUT = "time_out", _("Reservation timed out")
        COUNT = "count", _("Count")
        REVERSE = "reverse", _("Reversal")

    kind = models.CharField(max_length=10, choices=Kind.choices)
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="movements")
    at = models.DateTimeField()
    day = models.DateField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    of = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="followers")
    reason = models.CharField(max_length=300, blank=True)
    reference = models.CharField(max_length=200, blank=True, db_index=True)
    key = models.CharField(max_length=200, blank=True)
    digest = models.CharField(max_length=64, blank=True)
    hash = models.CharField(max_length=64)

    class Meta:
        ordering = ("-pk",)
        constraints = (
            models.UniqueConstraint(fields=("organisation", "key"), condition=~Q(key=""), name="one_movement_of_a_key"),
        )

    def __str__(self) -> str:
        return f"{self.kind} {self.pk}"


class Entry(WrittenOnce):
    """So much into a book of an account; out of it where negative."""

    movement = models.ForeignKey(Movement, on_delete=models.PROTECT, related_name="entries")
    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="entries")
    book = models.CharField(max_length=11, choices=Book.choices)
    quantity = models.BigIntegerField()

    class Meta:
        ordering = ("pk",)

    def __str__(self) -> str:
        return f"{self.quantity} {self.book}"


class Recall(WrittenOnce):
    """A lot was recalled, or was so no more (``is_recalled`` false): who said so when, and why."""

    lot = models.ForeignKey(Lot, on_delete=models.PROTECT, related_name="recalls")
    is_recalled = models.BooleanField()
    at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    reason = models.CharField(max_length=300)
    key = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering = ("-pk",)
        constraints = (
            models.UniqueConstraint(fields=("lot", "key"), condition=~Q(key=""), name="one_recall_of_a_key"),
        )

    def __str__(self) -> str:
        return f"{self.lot}: {self.reason}"


class ReservationQuerySet(models.QuerySet["Reservation"]):
    def that_count(self) -> ReservationQuerySet:
        """Those that hold goods now."""
        return self.filter(is_open=True, until__gt=clock.now())

    def timed_out(self) -> ReservationQuerySet:
        """Those whose time is over, and whose goods are not free yet."""
        return self.filter(is_open=True, until__lte=clock.now())


class Reservation(models.Model):
    """Goods set aside by a movement, until they are posted, given up, or their time is over."""

    made = models.OneToOneField(Movement, on_delete=models.PROTECT, primary_key=True, related_name="reservation")
    until = models.DateTimeField()
    is_open = models.BooleanField(default=True)

    objects = ReservationQuerySet.as_manager()

    class Meta:
        indexes = (models.Index(fields=("until",), condition=Q(is_open=True), name="open_reservations"),)

    def __str__(self) -> str:
        return f"reservation {self.pk}"

    @property
    def counts(self) -> bool:
        """Whether it holds goods now."""
        return self.is_open and self.until > clock.now()


TOTAL = F("stock") + F("reserved") + F("transit")
"""All that is on an account or on the way to it."""
