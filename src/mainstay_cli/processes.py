"""Processes that share the work of a command."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from typing import TYPE_CHECKING, Any

from mainstay.errors import UsageError

if TYPE_CHECKING:
    from concurrent.futures import Executor

SECONDS_TO_ANSWER = 10
RETRIES = 3
"""How often a piece of work is done anew when its worker is lost."""


@contextmanager
def processes(workers: int, cluster: str | None = None) -> Iterator[Executor | None]:
    """Processes that begin afresh, since the solver's threads do not live through a fork; None: this one alone.

    cluster : address of a Dask scheduler, whose workers are taken instead
    """
    if cluster is not None:
        with _cluster(cluster) as executor:
            yield executor
        return
    if workers == 1:
        yield None
        return
    from concurrent.futures import ProcessPoolExecutor
    from multiprocessing import get_context

    with ProcessPoolExecutor(workers, mp_context=get_context("spawn")) as executor:
        yield executor


@contextmanager
def _cluster(address: str) -> Iterator[Executor]:
    """The workers of a cluster; what one of them leaves undone when it is lost, another does."""
    try:
        distributed: Any = import_module("distributed")
    except ImportError as missing:
        raise UsageError("--cluster needs the package distributed. Install it: pip install distributed") from missing
    try:
        client = distributed.Client(address, timeout=SECONDS_TO_ANSWER)
    except (OSError, ValueError) as unreached:
        raise UsageError(
            f"No Dask scheduler answers at {address}. Start one (dask scheduler), or correct the address, as in "
            "tcp://127.0.0.1:8786."
        ) from unreached
    with client:
        yield client.get_executor(pure=False, retries=RETRIES)
