"""Siting: the cheapest sites, beside all others tried one by one, and the rules they keep."""

from __future__ import annotations

import polars as pl
import pytest
from benchmarks.siting import Tables, random_tables
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.prepare.places import cheapest_by_trying

from mainstay.errors import DataError, SolveError, UsageError
from mainstay.prepare.pooling import pooling_factor
from mainstay.prepare.siting import SitingRules, site

LAW = settings(max_examples=12)


def frame(**columns: list[object]) -> pl.DataFrame:
    return pl.DataFrame(columns)


def two_towns(**sites: list[object]) -> Tables:
    """Sites a and b, customers x and y; each is 1 from its own and 4 from the other."""
    return {
        "sites": frame(site=["a", "b"], region=["east", "west"], fixed_cost=[10.0, 10.0], **sites),
        "customers": frame(customer=["x", "y"], region=["east", "west"], need=[5.0, 5.0], need_sd=[3.0, 4.0]),
        "links": frame(
            origin=["a", "a", "b", "b"],
            destination=["x", "y", "x", "y"],
            unit_cost=[1.0, 2.0, 2.0, 1.0],
            distance_km=[10.0, 80.0, 80.0, 10.0],
        ),
    }


def cost_of(tables: Tables, rules: SitingRules) -> float:
    """What it costs; a rule that cannot be kept costs more than anything."""
    try:
        return site(tables, rules).cost
    except SolveError:
        return float("inf")


@LAW
@given(st.integers(2, 6), st.integers(1, 6), st.integers(0, 10_000))
def test_without_limits_the_cheapest_of_all_sets_is_found(num_sites, num_customers, seed):
    tables = random_tables(num_sites, num_customers, seed)
    assert site(tables).cost == pytest.approx(cheapest_by_trying(tables), rel=1e-6)


@LAW
@given(st.integers(2, 6), st.integers(1, 6), st.integers(0, 10_000), st.floats(1.1, 4))
def test_with_limits_the_cheapest_of_all_sets_is_found(num_sites, num_customers, seed, tightness):
    tables = random_tables(num_sites, num_customers, seed, tightness=tightness)
    assert site(tables).cost == pytest.approx(cheapest_by_trying(tables), rel=1e-6)


@pytest.mark.parametrize("tightness", [None, 5.0], ids=["plain", "capacitated"])
def test_fifty_sites_for_fifty_customers_are_proven(tightness):
    tables = random_tables(50, 50, 1, tightness=tightness)
    found = site(tables)
    opened, deliveries = found.tables["opened"], found.tables["deliveries"]
    assert deliveries["quantity"].sum() == pytest.approx(tables["customers"]["need"].sum())
    assert set(deliveries["origin"]) <= set(found.open_sites)
    assert (opened["utilisation"].drop_nulls() <= 1 + 1e-6).all()
    costs = deliveries["cost"].sum() + opened.filter("is_open")["fixed_cost"].sum()
    assert costs == pytest.approx(found.cost)


def test_one_site_serves_both_towns_where_opening_costs_more_than_the_way():
    found = site(two_towns())
    assert len(found.open_sites) == 1
    assert found.cost == 10 + 5 * 1 + 5 * 2


def test_a_site_that_stands_and_is_paid_for_is_used_first():
    tables = two_towns()
    tables["sites"] = tables["sites"].with_columns(fixed_cost=pl.Series([10.0, 0.0]))
    found = site(tables)
    assert found.open_sites == ("b",)
    assert found.cost == 5 * 1 + 5 * 2


def test_goods_pass_through_a_depot_on_their_way_from_the_plant():
    tables = {
        "sites": frame(
            site=["plant", "near", "far"],
            kind=["plant", "depot", "depot"],
            fixed_cost=[5.0, 3.0, 1.0],
            capacity=[None, 6.0, None],
            unit_cost=[1.0, 0.0, 0.0],
        ),
        "customers": frame(customer=["x", "y"], need=[5.0, 5.0]),
        "links": frame(
            origin=["plant", "plant", "near", "near", "far", "far"],
            destination=["near", "far", "x", "y", "x", "y"],
            unit_cost=[1.0, 1.0, 1.0, 1.0, 3.0, 3.0],
        ),
    }
    found = site(tables)
    assert found.open_sites == ("plant", "near", "far")
    flows = {(a, b): q for _, a, b, q, *_ in found.tables["deliveries"].iter_rows()}
    assert flows["plant", "near"] == 6
    assert flows["plant", "far"] == 4
    assert found.cost == 9 + 10 * 2 + 6 * 1 + 4 * 3


def test_a_longest_distance_opens_a_site_in_each_town():
    assert site(two_towns(), SitingRules(max_km=50)).open_sites == ("a", "b")


def test_a_band_of_distance_holds_for_its_share_of_all_need():
    half = site(two_towns(), SitingRules(bands={50.0: 0.5}))
    more = site(two_towns(), SitingRules(bands={50.0: 0.6}))
    assert (len(half.open_sites), len(more.open_sites)) == (1, 2)


def test_a_region_that_must_serve_itself_in_the_first_days_has_a_site_of_its_own():
    rules = SitingRules(self_share={"*": 1.0}, first_days=3, of_days=30)
    found = site(two_towns(), rules)
    assert found.open_sites == ("a", "b")
    served = found.tables["regions_served"]
    assert (served["own_share"] >= served["wanted_share"] - 1e-9).all()
    assert served["wanted_share"].to_list() == pytest.approx([0.1, 0.1])


def test_regions_that_fail_whole_are_worth_a_second_site_when_failure_is_likely_and_shortage_dear():
    tables = two_towns()
    tables["customers"] = tables["customers"].with_columns(shortage_cost=pl.lit(100.0))
    assert len(site(tables).open_sites) == 1
    tables["failures"] = frame(failure=["east", "west"], region=["east", "west"], chance=[0.1, 0.1])
    found = site(tables)
    assert found.open_sites == ("a", "b")
    assert found.tables["short"].is_empty()
    tables["failures"] = frame(failure=["both", "both"], region=["east", "west"], chance=[0.1, 0.1])
    together = site(tables)
    assert len(together.open_sites) == 1
    assert together.tables["short"]["quantity"].sum() == 10
    assert together.cost == pytest.approx(10 + 0.9 * 15 + 0.1 * 10 * 100)


def test_pooled_safety_stock_is_smaller_the_less_needs_go_together():
    apart, alike = (site(two_towns(), SitingRules(correlation=rho, service_factor=1.0)) for rho in (0.0, 1.0))
    (one,) = apart.tables["opened"].filter("is_open").iter_rows(named=True)
    assert (one["pooled_stock"], one["separate_stock"]) == (5.0, 7.0)
    assert alike.tables["opened"].filter("is_open")["pooled_stock"].to_list() == [7.0]


def test_published_pooling_factors_come_out():
    assert [round(pooling_factor(8, rho), 4) for rho in (0.0, 0.5, 0.7, 1.0)] == [0.3536, 0.75, 0.8588, 1.0]


@settings(max_examples=5)
@given(st.integers(0, 10_000))
def test_a_rule_more_never_makes_it_cheaper(seed):
    tables = random_tables(5, 6, seed, tightness=3.0)
    for rules in (SitingRules(bands={60.0: 0.7}), SitingRules(self_share={"*": 0.3}), SitingRules(most_sites=3)):
        assert cost_of(tables, rules) >= site(tables).cost * (1 - 1e-9)


def test_tables_are_read_from_a_folder_and_results_written_there(tmp_path):
    for name, table in two_towns().items():
        table.write_csv(tmp_path / f"{name}.csv")
    found = site(tmp_path)
    written = found.write(tmp_path / "out")
    assert {file.stem for file in written.iterdir()} == {"opened", "deliveries", "short", "regions_served"}


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"links": {"origin": "q"}}, 'links row 2, origin: "q" is no such end of a link'),
        ({"customers": {"need": -1.0}}, "customers row 2, need"),
        ({"sites": {"fixed_cost": None}}, "sites row 2, fixed_cost"),
        ({"customers": {"customer": "a"}}, "names a site too"),
    ],
)
def test_what_is_wrong_in_the_tables_is_named(change, says):
    tables = two_towns()
    for name, cells in change.items():
        first = pl.int_range(pl.len()) == 0
        tables[name] = tables[name].with_columns(
            pl.when(first).then(pl.lit(value)).otherwise(column).alias(column) for column, value in cells.items()
        )
    with pytest.raises(DataError) as caught:
        site(tables)
    assert any(says in str(finding) for finding in caught.value.findings)
    assert all(finding.remedy.zh for finding in caught.value.findings)


def test_failures_have_chances_that_can_be_and_regions_with_sites():
    tables = two_towns()
    tables["failures"] = frame(failure=["east", "north"], region=["east", "north"], chance=[0.7, 0.6])
    with pytest.raises(DataError) as caught:
        site(tables)
    assert {finding.rule for finding in caught.value.findings} == {"unknown_reference", "failure_chances"}


def test_what_cannot_be_is_refused_with_what_to_do():
    tables = two_towns()
    with pytest.raises(UsageError, match=r"No link reaches x, y\. .* shortage_cost"):
        site(tables, SitingRules(max_km=1))
    with pytest.raises(SolveError, match="Allow more sites"):
        site(two_towns(capacity=[6.0, 6.0]), SitingRules(most_sites=1))
    with pytest.raises(UsageError, match="No customer lives in north"):
        site(tables, SitingRules(self_share={"north": 0.5}))
    with pytest.raises(UsageError, match="distance_km"):
        site({**tables, "links": tables["links"].drop("distance_km")}, SitingRules(max_km=10))
    with pytest.raises(UsageError, match='no table "links2"'):
        site({**tables, "links2": tables["links"]})
    for wrong in ({"most_sites": 0}, {"first_days": 3, "of_days": 2}, {"correlation": 2}):
        with pytest.raises(UsageError):
            SitingRules(**wrong)


def test_the_order_of_rows_changes_nothing():
    tables = random_tables(6, 8, 3, tightness=2.0)
    mixed = {name: table.sample(fraction=1, shuffle=True, seed=4) for name, table in tables.items()}
    one, other = site(tables), site(mixed)
    assert one.cost == pytest.approx(other.cost)
    assert set(one.open_sites) == set(other.open_sites)
