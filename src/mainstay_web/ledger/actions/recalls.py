"""A lot is recalled: it goes to nobody any more, at whatever place."""

from __future__ import annotations

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from mainstay_web.accounts.models import Organisation, Person
from mainstay_web.accounts.rights import require
from mainstay_web.audit.chain import record
from mainstay_web.ledger.accounts import lock
from mainstay_web.ledger.errors import Refused, WrongAsked
from mainstay_web.ledger.models import Account, Lot


def recall(*, lot: Lot, by: Person | None, reason: str) -> Lot:
    """Let no more goods of a lot be reserved, issued or sent; ``ledger.trace`` says where they are.

    Raises
    ------
    PermissionDenied : the person may not recall in one of the organisations that have or had the lot
    Refused : it is recalled already
    """
    return _mark(lot, True, by, reason)


def lift_recall(*, lot: Lot, by: Person | None, reason: str) -> Lot:
    """Let goods of a lot go out again.

    Raises
    ------
    Refused : it is not recalled
    """
    return _mark(lot, False, by, reason)


@transaction.atomic
def _mark(lot: Lot, is_recalled: bool, by: Person | None, reason: str) -> Lot:
    if not reason.strip():
        raise WrongAsked(_("Say why."))
    if not lot.code:
        raise WrongAsked(_("Goods without a lot cannot be recalled as one."))
    lock(Q(lot=lot))
    lot = Lot.objects.select_for_update().get(pk=lot.pk)
    if lot.is_recalled == is_recalled:
        said = _("Lot %(lot)s is recalled already.") if is_recalled else _("Lot %(lot)s is not recalled.")
        raise Refused(said % {"lot": lot.code})
    organisations = Organisation.objects.filter(ledger_accounts__lot=lot).distinct()
    for organisation in organisations:
        if by is not None:
            require(by, "ledger.recall", organisation)
    Account.objects.filter(lot=lot).update(is_recalled=is_recalled)
    lot.is_recalled = is_recalled
    lot.save(update_fields=["is_recalled"])
    for organisation in organisations:
        record(
            by=by,
            action="ledger.recall",
            subject=lot,
            organisation=organisation,
            item=lot.item,
            lot=lot.code,
            is_recalled=is_recalled,
            reason=reason,
        )
    return lot
