"""The platform that the browser tests open: the tiny case, what is asked of makers, one plan in force, one to decide on."""

from __future__ import annotations

from datetime import date

import mainstay as ms

IN_FORCE, TO_DECIDE = "First plan", "Plan to decide on"


def make() -> None:
    """Fill an empty platform."""
    from django.core.management import call_command

    from mainstay_web.accounts import actions as accounts
    from mainstay_web.accounts.models import Organisation, Person
    from mainstay_web.operations.demo import make_accounts
    from mainstay_web.planning import actions as planning
    from mainstay_web.planning import cases
    from mainstay_web.planning.models import Run
    from mainstay_web.reporting import actions as reporting

    case = ms.read(ms.examples.path("tiny"))
    top = accounts.add_organisation(code="cn", name="China", name_zh="中国", kind="country", by=None)
    cases.import_case(case=case, organisation=top, by=None)
    west = Organisation.objects.get(place="west")
    hospital = accounts.add_organisation(
        code="hospital", name="West hospital", name_zh="西区医院", kind="facility", parent=west, by=None
    )
    maker = Organisation.objects.get(enterprise="maskworks")
    make_accounts({"country": top, "enterprise": maker, "facility": hospital})
    for code, name, name_zh, kind, lines in (
        ("makers", "Daily report of makers", "企业日报", "enterprise", (("mask", "capacity"), ("mask", "output"), ("mask", "stock"))),
        ("hospitals", "Daily report of hospitals", "医院日报", "facility", (("mask", "consumption"), ("suit", "stock"))),
    ):
        questionnaire = reporting.add_questionnaire(code=code, name=name, name_zh=name_zh, kind=kind, under=top, by=None)
        for item, measure in lines:
            reporting.add_line(questionnaire=questionnaire, by=None, item=item, measure=measure, basis="day")
        reporting.publish(questionnaire=questionnaire, valid_from=date(2020, 1, 1), by=None)
    snapshot = cases.take_snapshot(organisation=top, by=None)
    for title in (IN_FORCE, TO_DECIDE):
        planning.start_run(
            organisation=top, snapshot=snapshot, title=title, horizon=case.horizon, needs=case.scenario, by=None
        )
    call_command("worker", once=True)
    planning.decide(
        run=Run.objects.get(title=IN_FORCE),
        verdict=Run.Verdict.APPROVED,
        reason="Agreed in the morning meeting.",
        by=Person.objects.get(username="demo-head"),
    )
