"""The resource-task network: compile tables to resources, tasks and effects."""

from mainstay.network.compile import compile
from mainstay.network.network import FOREVER, Network

__all__ = ["FOREVER", "Network", "compile"]
