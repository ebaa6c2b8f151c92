"""Replay: live through a history day by day, deciding on what was known, and know how good the decisions are."""

from mainstay.replay.known import Known
from mainstay.replay.live import Life, live
from mainstay.replay.order_up_to import OrderUpTo
from mainstay.replay.policies import POLICIES, Foresight, Policy, Rolling, find_policy
from mainstay.replay.rules import Rules
from mainstay.replay.share_out import Desk, Seen, ShareOut
from mainstay.replay.study import Replay, least_loss, live_through
from mainstay.replay.truth import History, history
from mainstay.replay.world import Day, State, World
from mainstay.replay.worth import MEASURES, without

__all__ = [
    "MEASURES",
    "POLICIES",
    "Day",
    "Desk",
    "Foresight",
    "History",
    "Known",
    "Life",
    "OrderUpTo",
    "Policy",
    "Replay",
    "Rolling",
    "Rules",
    "Seen",
    "ShareOut",
    "State",
    "World",
    "find_policy",
    "history",
    "least_loss",
    "live",
    "live_through",
    "without",
]
