"""What the ledger says of directives: whether goods are kept by lot, what is done, what may leave, what comes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Exists, F, OuterRef, Q, QuerySet, Sum

from mainstay_web import clock
from mainstay_web.accounts.models import Organisation
from mainstay_web.directives.models import Confirmation, Directive, Kind, State
from mainstay_web.ledger.accounts import is_usable
from mainstay_web.ledger.models import Account, Book, Entry, Movement, Owner
from mainstay_web.ledger.quantities import amount, thousandths

LEAVES, COMES = (Kind.RELEASE, Kind.SHIP), (Kind.MAKE, Kind.ARRIVE)
"""Kinds whose goods leave an account, and kinds whose goods come into one."""
MOVED_BY = {
    Kind.MAKE: (Movement.Kind.RECEIVE,),
    Kind.RELEASE: (Movement.Kind.TRANSFER,),
    Kind.SHIP: (Movement.Kind.TRANSFER, Movement.Kind.POST),
    Kind.ARRIVE: (Movement.Kind.ARRIVE, Movement.Kind.RECEIVE),
}
"""The movements that carry out a directive, by its kind; of other kinds there is nothing to move."""
LIES = (Book.STOCK, Book.RESERVED)
MAY_MOVE = (State.ISSUED, State.RECEIVED, State.ACCEPTED, State.UNDER_WAY, State.BLOCKED)
"""States in which goods may be moved for a directive: who moves them accepts it, or goes on."""


def reference(directive: Directive) -> str:
    """What the movements of a directive say that they were made for."""
    return f"directives.directive:{directive.pk}"


def accounts_of(directive: Directive) -> QuerySet[Account]:
    """Accounts of the item at the place, of who is addressed and of those under them."""
    return Account.objects.filter(
        organisation__path__startswith=directive.addressee.path, place=directive.place, item=directive.item
    )


def is_by_lot(directive: Directive) -> bool:
    """Whether it is confirmed by lot: the ledger keeps its goods there, or some of it was confirmed so before."""
    if directive.kind not in MOVED_BY or not directive.place:
        return False
    if directive.confirmations.exists():
        return True
    return accounts_of(directive).exists() and (directive.kind != Kind.SHIP or receiver(directive) is not None)


def done_by_lot(directive: Directive) -> float:
    """What its movements carried out, without those that were reversed, in units of the item."""
    counted = Q(movement__confirms__directive=directive)
    undone = Q(movement__kind=Movement.Kind.REVERSE, movement__of__confirms__directive=directive)
    entries = Entry.objects.filter(counted | undone, account__in=accounts_of(directive), book__in=LIES)
    if directive.kind == Kind.RELEASE:
        entries = entries.filter(account__owner=Owner.RESERVE)
    total = entries.aggregate(total=Sum("quantity"))["total"] or 0
    return float(amount(-total if directive.kind in LEAVES else total))


def receiver(directive: Directive) -> Organisation | None:
    """Who takes in what is shipped: who has the order to, else who stands for the place, the closest to the goods."""
    orders = Directive.objects.filter(
        kind=Kind.ARRIVE,
        item=directive.item,
        place=directive.other,
        other=directive.place,
        issue__organisation=directive.issue.organisation_id,
    )
    taken_back = (State.SUPERSEDED, State.CANCELLED)
    if order := orders.exclude(state__in=taken_back).select_related("addressee").order_by("-pk").first():
        return order.addressee
    there = Organisation.objects.filter(
        path__startswith=directive.issue.organisation.path, place=directive.other, is_active=True
    )
    rank = list(Organisation.Kind.values)
    return min(there, key=lambda each: (rank.index(each.kind), each.path), default=None)


def awaiting(shipment: Movement) -> Directive | None:
    """The directive that asks to take in what a movement sent: of several the first that still lacks something."""
    goods = coming_entries(shipment)
    if not goods:
        return None
    account = goods[0].account
    sources = shipment.entries.exclude(account__organisation=account.organisation, account__place=account.place)
    orders = Directive.objects.filter(
        kind=Kind.ARRIVE,
        item=account.item,
        place=account.place,
        other__in=sources.values("account__place"),
        addressee__path__in=account.organisation.ancestors,
        state__in=MAY_MOVE,
    )
    return orders.order_by("starts", "pk").first()


@dataclass(frozen=True)
class Held:
    """What one organisation holds of the goods of a directive, lot by lot, and how much of each is proposed."""

    organisation: Organisation
    lots: list[HeldLot]


@dataclass(frozen=True)
class HeldLot:
    """A lot that is free to go; quantities in units of the item."""

    lot: str
    expires: date | None
    free: float
    proposed: float


def owner_of(directive: Directive) -> str:
    """For whom the goods that leave are kept: the reserve, else those in distribution."""
    return str(Owner.RESERVE if directive.kind == Kind.RELEASE else Owner.ENTERPRISE)


def held(directive: Directive) -> list[Held]:
    """What may leave, by who holds it; proposed is what is due by today, first expired, first out."""
    if directive.kind not in LEAVES:
        return []
    rows = accounts_of(directive).filter(owner=owner_of(directive), stock__gt=0).select_related("lot", "organisation")
    usable = [account for account in rows if is_usable(account, clock.today())]
    usable.sort(key=lambda a: (a.lot.expires or date.max, a.pk))
    left, proposed = _due(directive), {}
    for account in usable:
        proposed[account.pk] = min(left, account.stock)
        left -= proposed[account.pk]
    holders = {account.organisation_id: account.organisation for account in usable}
    return [
        Held(
            organisation,
            [
                HeldLot(a.lot.code, a.lot.expires, amount(a.stock), amount(proposed[a.pk]))
                for a in usable
                if a.organisation_id == pk
            ],
        )
        for pk, organisation in holders.items()
    ]


def _due(directive: Directive) -> int:
    """What is due by the end of today and not done yet, in thousandths."""
    today = directive.issue.today.isoformat()
    due = sum(each["quantity"] for each in directive.days if each["date"] <= today)
    return thousandths(max(0.0, round(due - directive.done, 3)))


def coming(directive: Directive) -> list[Movement]:
    """Shipments of the item that are on the way to the place from where the directive says, the oldest first."""
    if directive.kind != Kind.ARRIVE:
        return []
    there = Entry.objects.filter(
        movement=OuterRef("pk"), book=Book.TRANSIT, quantity__gt=0, account__in=accounts_of(directive)
    )
    sources = Entry.objects.filter(movement=OuterRef("pk"), quantity__lt=0, account__place=directive.other)
    ended = Movement.objects.filter(of=OuterRef("pk"), followers__isnull=True)
    return list(
        Movement.objects.filter(Exists(there), Exists(sources), ~Exists(ended))
        .select_related("organisation", "by")
        .order_by("pk")
    )


def on_the_way(directive: Directive) -> float:
    """How much of the item is on the way to the place of the directive, in units."""
    entries = [entry for shipment in coming(directive) for entry in coming_entries(shipment)]
    return float(amount(sum(entry.quantity for entry in entries if entry.account.item == directive.item)))


def is_for(directive: Directive, shipment: Movement) -> bool:
    """Whether a movement sent the item to the place of the directive, from where it says."""
    goods = shipment.entries.filter(account__in=accounts_of(directive), book=Book.TRANSIT, quantity__gt=0)
    return goods.exists() and shipment.entries.filter(account__place=directive.other, quantity__lt=0).exists()


def coming_entries(shipment: Movement) -> list[Entry]:
    """What a movement put on the way, lot by lot."""
    entries = shipment.entries.filter(book=Book.TRANSIT, quantity__gt=0)
    return list(entries.select_related("account__lot", "account__organisation"))


@dataclass(frozen=True)
class MovedLot:
    """How much of a lot was sent and has come, in units of the item; None: it was not sent, or is on the way."""

    lot: str
    sent: float | None
    came: float | None

    @property
    def difference(self) -> float | None:
        """What came short (below 0) or over; None while it is on the way, and where nothing was sent."""
        return None if self.sent is None or self.came is None else round(self.came - self.sent, 3)


@dataclass(frozen=True)
class Moved:
    """A movement that carried out some of a directive, seen from both ends; ``undone`` is its reversal."""

    movement: Movement
    lots: list[MovedLot]
    undone: Movement | None
    arrival: Movement | None = None


def moved(directive: Directive) -> list[Moved]:
    """The movements of a directive, the newest first."""
    rows = Movement.objects.filter(confirms__directive=directive).select_related("by", "of")
    return [_moved(directive, movement) for movement in rows.order_by("-pk")]


def _moved(directive: Directive, movement: Movement) -> Moved:
    after = movement.followers.filter(followers__isnull=True).first()
    undone = after if after is not None and after.kind == Movement.Kind.REVERSE else None
    arrival = after if after is not None and after.kind == Movement.Kind.ARRIVE else None
    if directive.kind == Kind.SHIP:
        lots = _lots(_by_lot(movement, Book.TRANSIT), _by_lot(arrival, Book.STOCK) if arrival else None)
    elif movement.kind == Movement.Kind.ARRIVE:
        sent = {lot: -quantity for lot, quantity in _by_lot(movement, Book.TRANSIT).items()}
        lots = _lots(sent, _by_lot(movement, Book.STOCK))
    elif directive.kind == Kind.RELEASE:
        released = _by_lot(movement, Book.STOCK, Owner.RESERVE)
        lots = [MovedLot(lot, amount(-quantity), None) for lot, quantity in released.items()]
    else:
        came = _by_lot(movement, Book.STOCK)
        lots = [MovedLot(lot, None, amount(quantity)) for lot, quantity in came.items()]
    return Moved(movement, lots, undone, arrival)


def _by_lot(movement: Movement, book: Book, owner: str | None = None) -> dict[str, int]:
    entries = movement.entries.filter(book=book, **({"account__owner": owner} if owner else {})).order_by()
    summed = entries.values(lot=F("account__lot__code")).annotate(total=Sum("quantity")).order_by("lot")
    return {row["lot"]: row["total"] for row in summed}


def _lots(sent: dict[str, int], came: dict[str, int] | None) -> list[MovedLot]:
    return [
        MovedLot(lot, amount(quantity), None if came is None else amount(came.get(lot, 0)))
        for lot, quantity in sent.items()
    ]


def all_by_lot(directives: Sequence[Directive]) -> set[int]:
    """Those of some directives of one addressee that are confirmed by lot; asked once for what the ledger keeps."""
    if not directives:
        return set()
    ours = Account.objects.filter(organisation__path__startswith=directives[0].addressee.path)
    kept = set(ours.values_list("place", "item").distinct())
    begun = set(Confirmation.objects.filter(directive__in=directives).values_list("directive", flat=True))
    return {d.pk for d in directives if d.pk in begun or ((d.place, d.item) in kept and is_by_lot(d))}
