"""Why the ledger refuses; each says what is there and what to do."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils import timezone
from django.utils.translation import gettext as _

from mainstay.errors import MainstayError

if TYPE_CHECKING:
    from mainstay_web.ledger.accounts import Goods
    from mainstay_web.ledger.models import Movement


class Refused(MainstayError):  # noqa: N818 (the ledger refuses; nothing failed)
    """What was asked does not fit the stock as it is."""

    status = 409


class NotEnough(Refused):
    """Less of the ``goods`` is free than is asked for."""

    def __init__(self, goods: Goods, *, asked: float, free: float) -> None:
        self.goods, self.asked, self.free = goods, asked, free
        lot = _("lot %(lot)s of ") % {"lot": goods.lot} if goods.lot else ""
        super().__init__(
            _(
                "Of %(lot)s%(item)s at %(place)s %(asked)s are asked for and %(free)s are free. "
                "Ask for less, name another lot, or wait until more is there."
            )
            % {"item": goods.item, "place": goods.place, "lot": lot, "asked": f"{asked:,}", "free": f"{free:,}"}
        )


class KeyReused(Refused):
    """The key was used to ask for something else."""

    def __init__(self, earlier: Movement) -> None:
        super().__init__(
            _('The key "%(key)s" was used at %(when)s for another movement (%(number)d). Use a new key.')
            % {"key": earlier.key, "when": f"{timezone.localtime(earlier.at):%Y-%m-%d %H:%M}", "number": earlier.pk}
        )


class WrongQuantity(MainstayError):  # noqa: N818
    """A quantity that cannot be kept."""

    status = 422

    def __init__(self, quantity: float) -> None:
        super().__init__(
            _(
                "%(quantity)s is no quantity of the ledger. Give one from 0 to a million million, "
                "with at most three digits after the point."
            )
            % {"quantity": quantity}
        )


class WrongAsked(MainstayError):  # noqa: N818
    """Something that was asked for is not known or not possible at all."""

    status = 422
