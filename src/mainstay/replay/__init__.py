"""Replay: live through a history day by day, deciding on what was known, and know how good the decisions are."""

from mainstay.replay.beside import ToldReplay, behind_foresight, beside, fill_rates_of, until
from mainstay.replay.exercise import TEAM, Decided, Exercise, Orders
from mainstay.replay.known import Known
from mainstay.replay.live import Life, live
from mainstay.replay.order_up_to import OrderUpTo
from mainstay.replay.policies import POLICIES, Foresight, Policy, Rolling, find_policy
from mainstay.replay.rules import Rules
from mainstay.replay.share_out import RULES, Desk, Seen, ShareOut
from mainstay.replay.study import Replay, least_loss, live_through
from mainstay.replay.truth import History, history
from mainstay.replay.world import Day, State, World
from mainstay.replay.worth import MEASURES, without

__all__ = [
    "MEASURES",
    "POLICIES",
    "RULES",
    "TEAM",
    "Day",
    "Decided",
    "Desk",
    "Exercise",
    "Foresight",
    "History",
    "Known",
    "Life",
    "OrderUpTo",
    "Orders",
    "Policy",
    "Replay",
    "Rolling",
    "Rules",
    "Seen",
    "ShareOut",
    "State",
    "ToldReplay",
    "World",
    "behind_foresight",
    "beside",
    "fill_rates_of",
    "find_policy",
    "history",
    "least_loss",
    "live",
    "live_through",
    "until",
    "without",
]
