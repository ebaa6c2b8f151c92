"""A lot is recalled: it goes to nobody any more, at whatever place."""

from __future__ import annotations

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from mainstay_web import clock
from mainstay_web.accounts.models import Organisation, Person
from mainstay_web.accounts.rights import require
from mainstay_web.audit.chain import record
from mainstay_web.keys import KeyReused
from mainstay_web.ledger.accounts import lock
from mainstay_web.ledger.errors import Refused, WrongAsked
from mainstay_web.ledger.models import Account, Lot


def recall(*, lot: Lot, by: Person | None, reason: str, key: str = "") -> Lot:
    """Let no more goods of a lot be reserved, issued or sent; ``ledger.trace`` says where they are.

    The same call under the same key again counts once.

    Raises
    ------
    PermissionDenied : the person may not recall in one of the organisations that have or had the lot
    Refused : it is recalled already
    KeyReused : the key was used to say something else of the lot
    """
    return _mark(lot, True, by, reason, key)


def lift_recall(*, lot: Lot, by: Person | None, reason: str, key: str = "") -> Lot:
    """Let goods of a lot go out again; the same call under the same key again counts once.

    Raises
    ------
    Refused : it is not recalled
    KeyReused : the key was used to say something else of the lot
    """
    return _mark(lot, False, by, reason, key)


@transaction.atomic
def _mark(lot: Lot, is_recalled: bool, by: Person | None, reason: str, key: str) -> Lot:
    if not reason.strip():
        raise WrongAsked(_("Say why."))
    if not lot.code:
        raise WrongAsked(_("Goods without a lot cannot be recalled as one."))
    lock(Q(lot=lot))
    lot = Lot.objects.select_for_update().get(pk=lot.pk)
    before = lot.recalls.filter(key=key).first() if key else None
    if before is not None:
        if (before.is_recalled, before.reason) != (is_recalled, reason):
            raise KeyReused(key, before.at, before)
        return lot
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
    lot.recalls.create(is_recalled=is_recalled, at=clock.now(), by=by, reason=reason, key=key)
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
