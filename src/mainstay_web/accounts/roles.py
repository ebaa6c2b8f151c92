"""The roles a new platform begins with; an administrator may change them as data."""

from __future__ import annotations

from dataclasses import dataclass

DESKS_READS = ("licensing.view", "customs.view", "support.view")
OFFICE_READS = (
    "registry.view",
    "ledger.view",
    "reports.view",
    "plans.view",
    "readiness.view",
    "replays.view",
    "organisations.view",
    "directives.view",
    "supervision.view",
    *DESKS_READS,
)


@dataclass(frozen=True)
class FirstRole:
    """A role to begin with."""

    code: str
    name: str
    name_zh: str
    actions: tuple[str, ...]
    gives: tuple[str, ...] = ()


FIRST_ROLES = (
    FirstRole(
        "administrator",
        "Administrator",
        "管理员",
        (
            "organisations.view",
            "organisations.edit",
            "people.edit",
            "questionnaires.edit",
            "audit.view",
            "registry.view",
        ),
        gives=(
            "administrator",
            "head",
            "analyst",
            "reader",
            "auditor",
            "reporter",
            "warehouse",
            "licensing",
            "customs",
            "finance",
        ),
    ),
    FirstRole(
        "head",
        "Head of the supply office",
        "物资保障负责人",
        (
            *OFFICE_READS,
            "reports.review",
            "plans.run",
            "replays.run",
            "replays.decide",
            "plans.approve",
            "readiness.run",
            "readiness.approve",
            "readiness.rotate",
            "directives.issue",
            "directives.answer",
            "supervision.judge",
            "audit.view",
            "registry.export",
            "licensing.decide",
            "support.grant",
            "ledger.recall",
        ),
    ),
    FirstRole(
        "analyst",
        "Analyst",
        "分析员",
        (
            *OFFICE_READS,
            "registry.edit",
            "registry.import",
            "registry.export",
            "registry.merge",
            "ledger.post",
            "ledger.count",
            "ledger.recall",
            "reports.submit",
            "reports.review",
            "questionnaires.edit",
            "plans.run",
            "readiness.run",
            "readiness.rotate",
            "replays.run",
            "replays.decide",
            "directives.issue",
            "directives.answer",
        ),
    ),
    FirstRole("reader", "Reader", "查阅者", OFFICE_READS),
    FirstRole("auditor", "Auditor", "审计员", (*OFFICE_READS, "audit.view")),
    FirstRole(
        "reporter",
        "Reporter of a maker, warehouse or hospital",
        "上报人（企业、仓库、医院）",
        (
            "registry.view",
            "ledger.view",
            "ledger.post",
            "ledger.count",
            "reports.view",
            "reports.submit",
            "plans.own",
            "directives.own",
            "supervision.own",
            *DESKS_READS,
            "licensing.apply",
            "customs.declare",
            "support.request",
        ),
    ),
    FirstRole(
        "warehouse",
        "Stock keeper of a warehouse",
        "仓库管理员",
        (
            "registry.view",
            "ledger.view",
            "ledger.post",
            "ledger.count",
            "plans.own",
            "directives.own",
            "supervision.own",
        ),
    ),
    FirstRole(
        "licensing",
        "Licensing officer",
        "审评审批人员",
        (
            "organisations.view",
            "registry.view",
            "licensing.view",
            "licensing.review",
            "licensing.decide",
        ),
    ),
    FirstRole(
        "customs",
        "Customs desk",
        "通关专窗人员",
        ("organisations.view", "registry.view", "customs.view", "customs.declare", "customs.clear"),
    ),
    FirstRole(
        "finance",
        "Finance",
        "财务人员",
        (
            "organisations.view",
            "registry.view",
            "support.view",
            "support.assess",
            "support.grant",
        ),
    ),
)
