"""Confirmations by lot: goods leave, arrive or are made, in the ledger and for the directive at once, both or neither.

Each gives the movement of the ledger, which names the directive; ``directives.following`` takes the step with it, in
its transaction. The same call under the same key again gives the same movement and counts once.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from mainstay_web.accounts.models import Organisation, Person
from mainstay_web.accounts.rights import require
from mainstay_web.directives import lots as reads
from mainstay_web.directives.models import Directive, Kind
from mainstay_web.ledger import actions as ledger
from mainstay_web.ledger.models import Book, Movement, Owner


def send_out(
    *,
    directive: Directive,
    by: Person | None,
    key: str,
    lots: Mapping[str, float] | None = None,
    quantity: float | None = None,
    holder: Organisation | None = None,
    note: str = "",
) -> Movement:
    """Goods leave as a directive orders: released from the reserve, or shipped and on the way to who takes them in.

    lots : how much of each lot; or the ``quantity`` in all, of what expires first [units of the item]
    holder : whose goods they are, of who is addressed and those under them; who is addressed unless said

    Raises
    ------
    PermissionDenied : the person may not carry out the directive, or not post goods of the holder
    ValidationError : nothing leaves by such a directive, nobody stands for where it goes, or its state is against it
    Refused : the ledger does not have the goods, or the key was used for something else
    """
    _require(directive, by, reads.LEAVES)
    holder = holder or directive.addressee
    if not holder.path.startswith(directive.addressee.path):
        raise ValidationError(_("Goods of %(holder)s do not go out by this directive.") % {"holder": holder})
    return ledger.transfer(
        organisation=holder,
        place=directive.place,
        item=directive.item,
        owner=reads.owner_of(directive),
        lots=lots,
        quantity=quantity,
        to=_destination(directive, holder),
        is_there=directive.kind == Kind.RELEASE,
        by=by,
        key=_key(directive, key),
        reason=note,
        reference=reads.reference(directive),
    )


def take_in(
    *,
    directive: Directive,
    shipment: Movement,
    by: Person | None,
    key: str,
    counted: Mapping[str, float] | None = None,
    note: str = "",
) -> Movement:
    """What was shipped has come; ``counted`` says how much of each lot, where not all did [units of the item].

    What came short or over is an entry of its own; what was sent stays as it was written.

    Raises
    ------
    PermissionDenied : the person may not carry out the directive, or not post goods there
    ValidationError : the shipment is not for this directive, or the directive's state is against it
    Refused : nothing of the shipment is on the way any more
    """
    _require(directive, by, (Kind.ARRIVE,))
    if not reads.is_for(directive, shipment):
        raise ValidationError(
            _("Movement %(number)d sent nothing that this directive waits for.") % {"number": shipment.pk}
        )
    return ledger.arrive(
        shipment=shipment,
        counted=counted,
        by=by,
        key=_key(directive, key),
        reason=note,
        reference=reads.reference(directive),
    )


def book(
    *,
    directive: Directive,
    by: Person | None,
    key: str,
    quantity: float,
    lot: str = "",
    expires: date | None = None,
    note: str = "",
) -> Movement:
    """What a maker made comes into its stock as a lot; or goods have come that no movement of the ledger sent.

    Raises
    ------
    PermissionDenied : the person may not carry out the directive, or not post goods there
    ValidationError : nothing comes in by such a directive, or its state is against it
    Refused : the lot is known with another last day
    WrongAsked : the register knows no such item or place
    """
    _require(directive, by, reads.COMES)
    is_made = directive.kind == Kind.MAKE
    return ledger.receive(
        organisation=directive.addressee,
        place=directive.place,
        item=directive.item,
        owner=Owner.ENTERPRISE if is_made else "",
        quantity=quantity,
        lot=lot,
        expires=expires,
        source=Book.PRODUCTION if is_made else Book.SUPPLY,
        by=by,
        key=_key(directive, key),
        reason=note,
        reference=reads.reference(directive),
    )


def _require(directive: Directive, by: Person | None, kinds: tuple[Kind, ...]) -> None:
    if by is not None:
        require(by, "directives.own", directive.addressee)
    if directive.kind not in kinds or not directive.place:
        raise ValidationError(
            _("“%(kind)s” is not confirmed in this way. Ways: %(ways)s.")
            % {
                "kind": directive.get_kind_display(),
                "ways": ", ".join(str(kind.label) for kind in kinds),
            }
        )


def _destination(directive: Directive, holder: Organisation) -> ledger.Goods:
    """Where the goods go: out of the reserve into distribution, or to who takes them in at the other place."""
    if directive.kind == Kind.RELEASE:
        return ledger.Goods(holder, directive.place, directive.item, Owner.ENTERPRISE)
    receiver = reads.receiver(directive)
    if receiver is None:
        raise ValidationError(
            _("No organisation of the platform stands for %(place)s. Report what was shipped as a number.")
            % {"place": directive.other}
        )
    return ledger.Goods(receiver, directive.other, directive.item)


def _key(directive: Directive, key: str) -> str:
    return f"directive-{directive.pk}-{key}"
