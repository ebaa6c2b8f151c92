"""A policy whose plans are kept in a folder, so that a long life which was cut off goes on where it stood."""

from __future__ import annotations

import json
import os
import pickle
import sys
from pathlib import Path
from typing import Any

from benchmarks.measure import rounded, spent

from mainstay.errors import SolveError
from mainstay.plan import Plan
from mainstay.replay import Known, Policy


class KeptPlans:
    """Decides as the policy does, and keeps each plan with what it took; what is kept is not made again.

    home : folder of one life: the same case, truth, policy and horizon
    """

    def __init__(self, policy: Policy, home: Path) -> None:
        self.name = policy.name
        self._policy, self._home = policy, home
        home.mkdir(parents=True, exist_ok=True)

    def decide(self, known: Known) -> Plan:
        """The plan of a morning, which is told when it is made.

        Raises
        ------
        SolveError : no plan was found; it is looked for again when the life goes on
        """
        kept = self._home / f"{known.day}.plan"
        if not kept.exists():
            plan, told = self._made(known)
            kept.with_suffix(".json").write_text(json.dumps(rounded(told)), encoding="utf-8")
            if plan is None:
                raise SolveError(told["failed"])
            kept.write_bytes(pickle.dumps(plan))
        found: Plan = pickle.loads(kept.read_bytes())
        return found

    def _made(self, known: Known) -> tuple[Plan | None, dict[str, Any]]:
        plan, failed = None, ""
        with spent() as time:
            try:
                answer = self._policy.decide(known)
                assert isinstance(answer, Plan)
                plan = answer
            except SolveError as error:
                failed = str(error)
        told = {
            "day": known.day.isoformat(),
            "cpu": time.cpu,
            "wall": time.wall,
            "load": os.getloadavg()[0],
            "failed": failed,
            "widest_gap": max((stage.gap for stage in plan.stages), default=0.0) if plan else None,
        }
        print(json.dumps(rounded(told)), file=sys.stderr, flush=True)
        return plan, told

    @property
    def told(self) -> list[dict[str, Any]]:
        """Of each morning: day, CPU and wall seconds, load, why there was no plan, widest gap (inf: not proven)."""
        return [json.loads(file.read_text(encoding="utf-8")) for file in sorted(self._home.glob("*.json"))]
