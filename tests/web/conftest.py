"""One fixed cast for all tests of the platform: a country, two provinces, a maker and a hospital in each."""

from __future__ import annotations

import shutil
from types import SimpleNamespace

import pytest
from django.test import Client
from tests.web.workers import Workers

import mainstay as ms
from mainstay_web.accounts import actions
from mainstay_web.accounts.models import Organisation, Role

PASSWORD = "correct-horse-battery"


@pytest.fixture(autouse=True)
def _quick_passwords(settings) -> None:
    """Hashing that is slow on purpose would take most of the time of the tests."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture
def places(db: None) -> SimpleNamespace:
    """Country over East and West; each with a maker and a hospital."""

    def add(code: str, kind: str, parent: Organisation | None, **more: str) -> Organisation:
        return actions.add_organisation(code=code, name=code.title(), kind=kind, parent=parent, by=None, **more)

    country = add("country", "country", None)
    east, west = (add(code, "province", country, place=code) for code in ("east", "west"))
    return SimpleNamespace(
        country=country,
        east=east,
        west=west,
        maker=add("maker", "enterprise", east, enterprise="maker"),
        hospital=add("hospital", "facility", east, place="hospital"),
        other_maker=add("other_maker", "enterprise", west, enterprise="other_maker"),
        other_hospital=add("other_hospital", "facility", west, place="other_hospital"),
    )


@pytest.fixture
def roles(db: None) -> dict[str, Role]:
    """The first roles by their code."""
    actions.make_first_roles()
    return {role.code: role for role in Role.objects.all()}


@pytest.fixture
def client_factory() -> type[Client]:
    """Makes another browser."""
    return Client


@pytest.fixture
def cast(places: SimpleNamespace, roles: dict[str, Role]) -> SimpleNamespace:
    """People by what they are; ``outsider`` has a role in West alone, ``nobody`` has none."""

    def person(name: str, role: str, organisation: Organisation) -> object:
        return actions.add_person(
            username=name, password=PASSWORD, role=roles[role], organisation=organisation, by=None
        )

    nobody = person("nobody", "reader", places.country)
    nobody.memberships.all().delete()
    return SimpleNamespace(
        administrator=person("administrator", "administrator", places.country),
        head=person("head", "head", places.country),
        analyst=person("analyst", "analyst", places.country),
        reader=person("reader", "reader", places.country),
        auditor=person("auditor", "auditor", places.country),
        east_analyst=person("east_analyst", "analyst", places.east),
        maker=person("maker_reporter", "reporter", places.maker),
        hospital=person("hospital_reporter", "reporter", places.hospital),
        outsider=person("outsider", "reporter", places.other_maker),
        nobody=nobody,
    )


@pytest.fixture
def desks(
    cast: SimpleNamespace, places: SimpleNamespace, roles: dict[str, Role], settings, tmp_path
) -> SimpleNamespace:
    """The cast and two officers of each desk, over a small register and a data folder of this test's own."""
    from tests.web import services_world

    settings.DATA = tmp_path / "data"
    services_world.fill(places.country)
    return SimpleNamespace(**vars(cast), **vars(services_world.people(places, roles)))


@pytest.fixture(scope="session")
def planned_tiny(tmp_path_factory: pytest.TempPathFactory):
    """The plan of the tiny case, and the folder of its results."""
    from mainstay_web.planning.results import publish

    plan = ms.make_plan(ms.read(ms.examples.path("tiny")))
    folder = tmp_path_factory.mktemp("planned")
    publish(plan, folder)
    return SimpleNamespace(plan=plan, folder=folder)


@pytest.fixture
def snapshot(cast: SimpleNamespace, settings, tmp_path):
    """The tiny case, kept for the country in a data folder of this test's own; its maker and hospital are ours."""
    from mainstay_web.planning.cases import take_snapshot_of

    settings.DATA = tmp_path / "data"
    for place, changes in {"maker": {"enterprise": "maskworks"}, "hospital": {"place": "west"}}.items():
        Organisation.objects.filter(code=place).update(**changes)
    case = ms.read(ms.examples.path("tiny"))
    return take_snapshot_of(case, organisation=Organisation.objects.get(code="country"), by=cast.analyst)


@pytest.fixture
def queued(cast: SimpleNamespace, snapshot):
    """A run of the tiny case that waits."""
    from mainstay_web.planning.actions import start_run

    return start_run(
        organisation=snapshot.organisation,
        snapshot=snapshot,
        title="Tiny",
        horizon="5x1",
        needs="base",
        by=cast.analyst,
    )


@pytest.fixture
def done(queued, planned_tiny, settings):
    """A run of the tiny case that is done."""
    from mainstay_web.jobs import queue

    run = queue.claim("a worker")
    folder = f"runs/{run.pk}/{run.attempt}"
    shutil.copytree(planned_tiny.folder, settings.DATA / folder)
    assert queue.finish(run, folder=folder, summary=planned_tiny.plan.to_json(), is_sound=True)
    run.refresh_from_db()
    return run


@pytest.fixture
def in_force(done, cast):
    """The plan of the tiny case, approved."""
    from mainstay_web.planning.actions import decide

    decide(run=done, verdict="approved", reason="It holds", by=cast.head)
    done.refresh_from_db()
    return done


@pytest.fixture
def issue(in_force, cast):
    """Its directives of three days."""
    from mainstay_web.directives.actions import issue_directives

    return issue_directives(run=in_force, by=cast.analyst, days=3)


@pytest.fixture
def order(issue):
    """What the maker makes: 80 masks a day."""
    return issue.directives.get(key="make:mask")


@pytest.fixture
def arrival(issue):
    """The masks that come to the hospital: 44, then 24."""
    return issue.directives.get(key="arrive:mask@east/road")


@pytest.fixture
def things(cast, places, order, best) -> dict[str, int]:
    """Numbers of the things that addresses name: something of every kind (``whole_world``)."""
    from tests.web import reporting_world, whole_world

    reporting_world.world(places)
    return whole_world.numbers(cast, places, order, best)


@pytest.fixture
def keeper(places, roles, cast):
    """Who keeps the stock of East."""
    return actions.add_person(
        username="keeper", password=None, role=roles["warehouse"], organisation=places.east, by=None
    )


@pytest.fixture
def kept(issue, places, keeper):
    """Its directives by lot: 60 masks of two lots are in distribution in East, and 20 suits in its reserve."""
    from tests.web import lots_world

    lots_world.register(places)
    lots_world.stock(places.east, {"A": 40, "B": 20})
    lots_world.stock(places.east, {"S": 20}, item="suit", owner="reserve")
    return lots_world.orders(issue)


@pytest.fixture
def workers(transactional_db, settings, tmp_path):
    team = Workers(tmp_path / "data")
    yield team
    for process in team.running:
        process.kill()
        process.communicate()


@pytest.fixture(scope="session")
def prepared_tiny(tmp_path_factory: pytest.TempPathFactory):
    """The designs of the tiny case for four budgets, and the folder of their results."""
    from tests.web.ready_world import BUDGET, ready_tiny

    from mainstay.prepare import Policy, futures_of, make_design, score_items
    from mainstay_web.preparing.results import publish

    case = ready_tiny()
    futures = futures_of(case)
    design = make_design(case, futures, Policy(budget=BUDGET), fresh=futures, frontier=[0.0, 100.0, 200.0])
    folder = tmp_path_factory.mktemp("prepared")
    publish([design.at(number) for number in range(len(design.frontier))], score_items(case), folder)
    return SimpleNamespace(design=design, folder=folder)


@pytest.fixture
def ready_snapshot(snapshot, cast):
    """The tiny case with what could stand ready, kept for the country."""
    from tests.web.ready_world import ready_tiny

    from mainstay_web.planning.cases import take_snapshot_of

    return take_snapshot_of(ready_tiny(), organisation=snapshot.organisation, by=cast.analyst)


@pytest.fixture
def preparing(ready_snapshot, cast):
    """A preparation of the tiny case that waits."""
    from tests.web.ready_world import BUDGET

    from mainstay_web.preparing.actions import start_preparation

    return start_preparation(
        organisation=ready_snapshot.organisation,
        snapshot=ready_snapshot,
        title="Ready",
        budget=BUDGET,
        others=[0.0, 100.0, 200.0],
        by=cast.analyst,
    )


@pytest.fixture
def prepared(preparing, prepared_tiny, settings):
    """The same, done."""
    from mainstay_web.jobs import queue
    from mainstay_web.preparing import work

    found = queue.claim("a worker")
    shutil.copytree(prepared_tiny.folder, settings.DATA / work.folder_of(found))
    assert work.commit(found, prepared_tiny.design)
    found.refresh_from_db()
    return found


@pytest.fixture
def best(prepared):
    """Its design of the budget asked for."""
    return prepared.designs.get(is_asked=True)
