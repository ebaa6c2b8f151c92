"""All writes of the ledger.

Every call names what it does by keywords, with ``by``: the person, whose right is asked (None: the system). Quantities
are in units of the item, with at most three digits after the point. Each call gives a ``Movement``; its entries sum to
zero. ``key`` is the caller's own name of the request: the same key with the same request is done once, and gives the
same movement again. ``reference`` names what it was done for, as in ``directives.directive:5``. What does not fit the
stock is ``Refused``, and then nothing is written. All of it may be called inside a transaction of the caller.

>>> reserved = reserve(organisation=office, place="depot", item="mask", quantity=500, by=person)    # doctest: +SKIP
>>> sent = post(reservation=reserved, to=Goods(hospital, "hospital", "mask"), by=person)            # doctest: +SKIP
>>> arrive(shipment=sent, by=nurse)                                                                 # doctest: +SKIP

- ``receive``: goods come in from production or from outside. ``issue``: they are used, or written off.
- ``transfer``: they leave for another place, and are on the way until ``arrive`` says how many came.
- ``reserve``: they are set aside, for a day unless said; ``post`` issues or sends them, ``void`` gives them up. A
  reservation whose time is over holds nothing, whether or not ``time_out`` has written so yet.
- ``count``: what lies there was counted; the difference is an entry. ``reverse``: a movement was wrong.
- ``recall``, ``lift_recall``: goods of a lot go to nobody any more, or again. ``open_stocks``: begin with the register.

Where no lot is named, what expires first goes first; what has expired or is recalled goes to nobody.
"""

from mainstay_web.ledger.accounts import Goods
from mainstay_web.ledger.actions.corrections import count, reverse
from mainstay_web.ledger.actions.goods import arrive, issue, receive, transfer
from mainstay_web.ledger.actions.opening import open_stocks
from mainstay_web.ledger.actions.recalls import lift_recall, recall
from mainstay_web.ledger.actions.reservations import post, reserve, void
from mainstay_web.ledger.performing import time_out

__all__ = [
    "Goods",
    "arrive",
    "count",
    "issue",
    "lift_recall",
    "open_stocks",
    "post",
    "recall",
    "receive",
    "reserve",
    "reverse",
    "time_out",
    "transfer",
    "void",
]
