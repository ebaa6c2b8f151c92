"""Enterprises that are registered twice: found, merged, told apart, taken apart again."""

import warnings

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse
from polars.testing import assert_frame_equal
from tests.web.background import work_off
from tests.web.synthetic_enterprises import register

from mainstay_web.audit.models import AuditRow
from mainstay_web.jobs.actions import start_job
from mainstay_web.jobs.models import Job
from mainstay_web.registry import actions, merging, queries
from mainstay_web.registry.likeness import likely_pairs, plain_name
from mainstay_web.registry.models import Merge, NotTheSame, Proposal, Row

TABLES = {
    "places": [
        {"place": "east", "name": "East", "kind": "area"},
        {"place": "west", "name": "West", "kind": "area"},
    ],
    "enterprises": [
        {"enterprise": "maker", "name": "Kang Hua Mask Co., Ltd.", "place": "east", "registration_no": "9142X1"},
        {"enterprise": "other_maker", "name": "Kang Hua Mask Limited", "place": "east", "registration_no": "9142X1"},
        {"enterprise": "third", "name": "Quite Another", "place": "west"},
    ],
    "lines": [
        {"line": "L1", "enterprise": "maker", "place": "east", "kind": "mask", "quantity": 2},
        {"line": "L2", "enterprise": "other_maker", "place": "west", "kind": "mask", "quantity": 1},
    ],
    "availability": [{"subject_kind": "line", "subject": "L2", "share": 0.5}],
    "licences": [
        {"enterprise": "maker", "item": "mask", "state": "none"},
        {"enterprise": "other_maker", "item": "mask", "state": "held"},
        {"enterprise": "other_maker", "item": "gown", "state": "applied"},
    ],
}


@pytest.fixture
def base(places):
    for table, rows in TABLES.items():
        assert actions.put_rows(table=table, rows=rows, organisation=places.country, by=None).refused == 0
    return places


def enterprise(code: str) -> Row:
    return queries.rows("enterprises").get(enterprise=code)


def merged(by=None) -> Merge:
    return merging.merge(kept=enterprise("maker"), merged=enterprise("other_maker"), by=by, reason="one firm")


def contents() -> dict:
    return {name: frame.sort(frame.columns) for name, frame in queries.current_tables().items()}


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Kang Hua Mask Co., Ltd.", "KANG-HUA mask Limited"),
        ("武汉康华口罩有限公司", "武汉康华口罩（有限责任公司）"),
        ("The Kang Hua Group", "Hua Kang"),
    ],
)
def test_legal_forms_signs_and_order_of_words_do_not_make_names_differ(one: str, other: str) -> None:
    assert plain_name(one) == plain_name(other)


@pytest.mark.parametrize(("number", "seed"), [(300, 1), (1000, 2)])
def test_known_duplicates_are_found_and_few_others_are_proposed(number: int, seed: int) -> None:
    rows, twice = register(number, 0.05, seed)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        found = {(p.first, p.second) for p in likely_pairs(rows)}
    assert len(found & twice) / len(found) >= 0.7
    assert len(found & twice) / len(twice) >= 0.75


def test_plants_that_differ_by_their_number_alone_are_not_one() -> None:
    rows = [
        {"enterprise": f"p{n}", "name": f"East Mask Plant {n}", "place": "east", "industry": "textile"}
        for n in range(1, 9)
    ]
    assert likely_pairs(rows) == []


def test_one_enterprise_or_none_is_no_pair() -> None:
    assert likely_pairs([]) == []
    assert likely_pairs([{"enterprise": "a", "name": "A", "place": "east"}]) == []


def searched(base) -> Job:
    start_job(kind="duplicates", organisation=base.country, title="Search", by=None)
    return work_off()


def test_a_search_proposes_the_pair_and_says_what_agrees(base) -> None:
    assert searched(base).summary == {"enterprises": 3, "found": 1}
    pair = Proposal.objects.get()
    assert (pair.first, pair.second) == ("maker", "other_maker")
    assert pair.agree == ["name", "registration_no", "place"]


def test_a_merge_moves_all_that_refers_to_the_merged_enterprise(base) -> None:
    merged()
    now = queries.current_tables()
    assert now["enterprises"]["enterprise"].sort().to_list() == ["maker", "third"]
    assert dict(now["lines"].select("line", "enterprise").rows()) == {"L1": "maker", "L2": "maker"}
    assert dict(now["licences"].select("item", "state").rows()) == {"mask": "held", "gown": "applied"}
    assert set(now["licences"]["enterprise"]) == {"maker"}
    assert queries.rows("availability").get().organisation == base.maker
    base.other_maker.refresh_from_db()
    assert not base.other_maker.is_active
    assert AuditRow.objects.first().detail["merged"] == "other_maker"


def test_an_undone_merge_leaves_all_as_it_was(base) -> None:
    before = contents()
    owners = sorted(queries.rows().values_list("table", "key", "organisation", "enterprise", "place"))
    merging.undo_merge(merge=merged(), by=None, reason="two firms")
    after = contents()
    for name, frame in before.items():
        assert_frame_equal(after[name], frame)
    assert sorted(queries.rows().values_list("table", "key", "organisation", "enterprise", "place")) == owners
    base.other_maker.refresh_from_db()
    assert base.other_maker.is_active
    merging.undo_merge(merge=merged(), by=None, reason="and once more")


def test_a_merge_that_was_built_upon_is_not_undone(base) -> None:
    merge = merged()
    actions.put_rows(
        table="lines", rows=[{**TABLES["lines"][1], "enterprise": "maker", "quantity": 9}], organisation=base.country,
        by=None,
    )  # fmt: skip
    with pytest.raises(merging.Conflict, match="L2"):
        merging.undo_merge(merge=merge, by=None, reason="x")
    with pytest.raises(merging.Conflict):
        merging.merge(kept=enterprise("maker"), merged=Row.objects.filter(enterprise="other_maker").first(), by=None,
                      reason="x")  # fmt: skip


def test_a_pair_that_was_told_apart_is_not_proposed_again(base) -> None:
    searched(base)
    merging.say_not_the_same(first=enterprise("other_maker"), second=enterprise("maker"), by=None)
    assert NotTheSame.objects.get().first == "maker"
    assert searched(base).summary["found"] == 0


def test_who_may_not_merge_in_both_organisations_merges_nothing(base, cast) -> None:
    before = Row.objects.count()
    with pytest.raises(PermissionDenied):
        merged(by=cast.east_analyst)
    assert Row.objects.count() == before
    assert merged(by=cast.analyst).by == cast.analyst


def test_the_page_shows_pairs_side_by_side_and_takes_answers(client, base, cast) -> None:
    client.force_login(cast.analyst)
    page = reverse("registry:duplicates")
    assert client.post(reverse("registry:search_duplicates"), follow=True).status_code == 200
    assert "It waits for a worker." in client.get(page).content.decode()
    client.post(reverse("registry:search_duplicates"))
    assert Job.objects.count() == 1, "a second click starts no second search"
    work_off()
    text = client.get(page).content.decode()
    assert "same registration number" in text
    assert "Kang Hua Mask Limited" in text
    pair = Proposal.objects.get()
    answer = reverse("registry:answer_duplicate", args=[pair.pk])
    assert client.get(answer).status_code == 405
    client.post(answer, {"answer": "first", "reason": ""})
    assert not Merge.objects.exists()
    client.post(answer, {"answer": "first", "reason": "one firm"})
    merge = Merge.objects.get()
    assert (merge.kept, merge.by) == ("maker", cast.analyst)
    client.post(reverse("registry:undo_merge", args=[merge.pk]), {"reason": "two"})
    merge.refresh_from_db()
    assert merge.undone_by == cast.analyst


def test_outsiders_do_not_reach_pairs_of_others(client, base, cast) -> None:
    searched(base)
    pair = Proposal.objects.get()
    client.force_login(cast.east_analyst)
    assert "Kang Hua" not in client.get(reverse("registry:duplicates")).content.decode()
    answer = reverse("registry:answer_duplicate", args=[pair.pk])
    assert client.post(answer, {"answer": "first", "reason": "x"}).status_code == 404
    for who in (cast.maker, cast.reader, cast.nobody):
        client.force_login(who)
        assert client.get(reverse("registry:duplicates")).status_code == 403
        assert client.post(answer, {"answer": "first", "reason": "x"}).status_code == 403
