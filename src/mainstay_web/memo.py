"""Answers that cost much, kept in the process while nobody changed anything."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Hashable
from threading import Lock
from typing import Any

from mainstay_web.audit.chain import START, head


class Memo:
    """Answers by key, the newest few, each as of the last act in the audit.

    Every act that pages tell of writes a row of the audit in its own transaction, in all processes; so the head of the
    chain names the state of the platform. One thread computes an answer while others wait for it.
    """

    def __init__(self, size: int = 128) -> None:
        self._size = size
        self._kept: OrderedDict[Hashable, tuple[str, Any]] = OrderedDict()
        self._lock = Lock()

    def get(self, key: Hashable, make: Callable[[], Any]) -> Any:
        """The answer as of now: the one kept, or a new one."""
        now = head()
        with self._lock:
            kept = self._kept.get(key)
            if kept is None or kept[0] != now or now == START:
                kept = now, make()
                self._kept[key] = kept
            self._kept.move_to_end(key)
            while len(self._kept) > self._size:
                self._kept.popitem(last=False)
        return kept[1]
