"""Finding, locking and opening accounts, and choosing what to take from them: first expired, first out."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _

from mainstay_web.accounts.models import Organisation
from mainstay_web.ledger.errors import NotEnough, Refused, WrongAsked
from mainstay_web.ledger.models import TOTAL, Account, Lot, Owner
from mainstay_web.ledger.quantities import amount
from mainstay_web.ledger.statements import lock_goods
from mainstay_web.registry.queries import rows
from mainstay_web.registry.shape import key_of


@dataclass(frozen=True)
class Goods:
    """Goods of one owner: of all lots of the item at the place, or of the one that is named.

    ``owner`` empty: for its own use (``facility``) where the organisation is a facility, else ``enterprise``.
    """

    organisation: Organisation
    place: str
    item: str
    owner: str = ""
    lot: str | None = None

    def __post_init__(self) -> None:
        is_facility = self.organisation.kind == Organisation.Kind.FACILITY
        owner = self.owner or (Owner.FACILITY if is_facility else Owner.ENTERPRISE)
        if owner not in Owner.values:
            raise WrongAsked(
                _("%(owner)s is no owner. Give one of %(owners)s.")
                % {"owner": owner, "owners": ", ".join(Owner.values)}
            )
        object.__setattr__(self, "owner", str(owner))

    @property
    def here(self) -> Q:
        """The condition of its accounts, of whatever lot."""
        return Q(organisation=self.organisation, place=self.place, item=self.item, owner=self.owner)

    @property
    def there(self) -> Q:
        """The condition of those of its accounts that hold something, or are of the lot."""
        return self.here & (Q(lot__code=self.lot) if self.lot is not None else ~Q(stock=0, reserved=0, transit=0))

    def holds(self, account: Account) -> bool:
        """Whether the account is one of these."""
        return (
            (account.organisation_id, account.place, account.item, account.owner)
            == (self.organisation.pk, self.place, self.item, self.owner)
        ) and self.lot in (None, account.lot.code)


def lock(*conditions: Q) -> list[Account]:
    """The accounts of any of the conditions, locked by one statement in one order, so that none wait in a ring."""
    wanted = Q(pk__in=[])
    for condition in conditions:
        wanted |= condition
    locked = Account.objects.select_for_update(of=("self",), no_key=True).filter(wanted).select_related("lot")
    return list(locked.order_by("pk"))


def lock_these(goods: Goods) -> list[Account]:
    """The accounts of the goods, locked likewise."""
    return lock_goods(goods.organisation.pk, goods.place, goods.item, goods.owner, goods.lot)


def beside(goods: Goods, other: Goods) -> Q:
    """The condition of the accounts of ``goods`` of those lots that ``other`` has in stock."""
    held = Account.objects.filter(other.there, lot=OuterRef("lot"), stock__gt=0)
    return goods.here & Exists(held)


def of_lot(accounts: Iterable[Account], goods: Goods, expires: date | None) -> Account:
    """The account of the goods of the lot that they name, among those that are locked; opened where there is none yet.

    Raises
    ------
    Refused : the lot is known with another last day
    """
    for account in accounts:
        if goods.holds(account):
            _judge_expiry(account.lot, expires)
            return account
    return open_account(goods, lot_of(goods.item, goods.lot or "", expires))


def find(accounts: Iterable[Account], goods: Goods, lot: Lot) -> Account:
    """The account of the goods of this lot among those that are locked; opened where there is none yet."""
    for account in accounts:
        if account.lot_id == lot.pk and replace(goods, lot=None).holds(account):
            return account
    return open_account(goods, lot)


def open_account(goods: Goods, lot: Lot) -> Account:
    """A new account, locked; or the one that another opened meanwhile.

    Raises
    ------
    WrongAsked : the register knows no such item or place
    """
    for table, code in (("items", goods.item), ("places", goods.place)):
        if not rows(table).filter(key=key_of([code])).exists():
            raise WrongAsked(
                _("The register has no %(code)s in its table %(table)s. Register it first.")
                % {"code": code, "table": table}
            )
    lot = Lot.objects.select_for_update().get(pk=lot.pk)
    account = Account(
        organisation=goods.organisation,
        place=goods.place,
        item=goods.item,
        owner=goods.owner,
        lot=lot,
        is_recalled=lot.is_recalled,
    )
    Account.objects.bulk_create([account], ignore_conflicts=True)
    return lock(goods.here & Q(lot=lot))[0]


def lot_of(item: str, code: str, expires: date | None) -> Lot:
    """The lot of this code, new where it was not known.

    Raises
    ------
    Refused : the lot is known with another last day
    WrongAsked : goods expire and have no lot
    """
    if expires and not code:
        raise WrongAsked(_("What expires on %(day)s has no lot. Give its lot.") % {"day": expires})
    lot, _is_new = Lot.objects.get_or_create(item=item, code=code, defaults={"expires": expires})
    _judge_expiry(lot, expires)
    return lot


def _judge_expiry(lot: Lot, expires: date | None) -> None:
    if expires and lot.expires != expires:
        raise Refused(
            _(
                "Lot %(lot)s of %(item)s expires on %(known)s as it is known, on %(given)s as it is given now. "
                "Give the day on its package, or another lot."
            )
            % {"lot": lot.code, "item": lot.item, "known": lot.expires or _("no day"), "given": expires}
        )


def draw(accounts: Iterable[Account], goods: Goods, quantity: int, day: date) -> list[tuple[Account, int]]:
    """What to take from which account: first expired, first out; nothing expired, nothing of a recalled lot.

    Raises
    ------
    NotEnough : less is free
    Refused : the lot that is named is recalled or has expired
    """
    ours = [account for account in accounts if goods.holds(account)]
    if goods.lot is not None:
        _refuse_unusable(ours, day)
    usable = sorted((a for a in ours if is_usable(a, day)), key=lambda a: (a.lot.expires or date.max, a.pk))
    return parts_of(usable, goods, quantity)


def parts_of(accounts: Iterable[Account], goods: Goods, quantity: int) -> list[tuple[Account, int]]:
    """The quantity in parts, from each account in turn what is free.

    Raises
    ------
    NotEnough : less is free
    """
    parts: list[tuple[Account, int]] = []
    left = quantity
    for account in accounts:
        part = min(left, account.stock)
        if part > 0:
            parts.append((account, part))
            left -= part
    if left > 0:
        raise NotEnough(goods, asked=amount(quantity), free=amount(quantity - left))
    return parts


def is_usable(account: Account, day: date) -> bool:
    """Whether its goods may go to a user on this day."""
    return not account.is_recalled and (account.lot.expires is None or account.lot.expires >= day)


def _refuse_unusable(accounts: Iterable[Account], day: date) -> None:
    for account in accounts:
        if account.is_recalled:
            raise Refused(
                _("Lot %(lot)s is recalled. It can be written off, and goes to nobody.") % {"lot": account.lot.code}
            )
        if not is_usable(account, day):
            raise Refused(
                _("Lot %(lot)s expired on %(day)s. It can be written off, and goes to nobody.")
                % {"lot": account.lot.code, "day": account.lot.expires}
            )


def held() -> QuerySet[Account]:
    """All accounts on which, or on the way to which, there is something."""
    return Account.objects.annotate(total=TOTAL).filter(total__gt=0)
