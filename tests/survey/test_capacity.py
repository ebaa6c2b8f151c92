"""What makers can really do: which report counts, what it leaves usable, who is back, what withholds the rest."""

from __future__ import annotations

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.survey.cases import START, capacity, day, rows, tiny

from mainstay.survey import nominal_capacity, usable_capacity
from mainstay.tables import frames
from mainstay.tables.case_tables import AVAILABILITY


def survey(*reports, as_of=3, **tables):
    return usable_capacity(tiny(reports=rows(*reports), **tables), day(as_of))


def of(survey, enterprise="maskworks", item="mask"):
    return survey.capacity.row(by_predicate=(pl.col("enterprise") == enterprise) & (pl.col("item") == item), named=True)


def test_nominal_capacity_is_lines_times_rate_times_yield():
    case = tiny()
    nominal = nominal_capacity(case.replace(processes=case["processes"].with_columns(yield_rate=pl.lit(0.5))))

    assert nominal.select("enterprise", "item", "lines", "nominal").rows() == [
        ("maskworks", "mask", 2.0, 40.0),
        ("suitworks", "suit", 1.0, 5.0),
        ("suitworks", "suit_unsterile", 1.0, 5.0),
    ]


def test_lines_that_can_make_several_items_are_nominal_for_each_and_say_so():
    case = tiny()
    gowns = case["processes"].filter(process="sew_suit").with_columns(process=pl.lit("sew_gown"), item=pl.lit("mask"))
    nominal = nominal_capacity(case.replace(processes=pl.concat([case["processes"], gowns])))

    assert nominal.filter(enterprise="suitworks").select("item", "nominal", "shared").rows() == [
        ("mask", 10.0, True),
        ("suit", 10.0, False),
        ("suit_unsterile", 10.0, True),
    ]


def test_the_newest_report_counts():
    found = of(survey(capacity(20, 1, blocker="staff"), capacity(40, 2, blocker="material")))

    assert (found["date"], found["reported"], found["share"], found["usable"]) == (day(2), 40, 0.5, 40)
    assert found["blocker"] == "material"


def test_a_corrected_report_replaces_the_old_one_from_the_day_it_was_received():
    reports = (capacity(20, 1, received_at=day(1)), capacity(60, 1, received_at=day(3)))

    assert of(survey(*reports, as_of=2))["reported"] == 20
    assert of(survey(*reports, as_of=3))["reported"] == 60


def test_a_correction_of_an_older_day_does_not_replace_the_newest():
    reports = (capacity(20, 1, received_at=day(1)), capacity(40, 2), capacity(60, 1, received_at=day(3)))

    assert of(survey(*reports))["reported"] == 40


def test_more_than_nominal_is_kept_for_the_eye_and_is_all_of_it_for_the_plan():
    found = survey(capacity(84, 1))

    assert of(found)["share_reported"] == pytest.approx(1.05)
    assert (of(found)["share"], of(found)["usable"]) == (1, 80)
    assert found.availability["share"].to_list() == [1]


def test_output_never_raises_a_capacity():
    found = survey(capacity(20, 1), {"date": day(2), "quantity": 30})

    assert (of(found)["reported"], of(found)["output"], of(found)["utilisation"]) == (20, 30, 1.5)
    assert "output_above_capacity" in {finding.rule for finding in found.findings}


def test_output_told_by_a_running_total_is_what_it_rose_by_each_day():
    totals = [{"basis": "cumulative", "date": day(d), "quantity": q} for d, q in ((1, 100), (3, 160))]

    assert of(survey(capacity(60, 1), *totals))["output"] == 30


def test_who_did_not_report_is_unknown_and_not_idle():
    found = survey(capacity(0, 1))
    everyone = found.resumption.filter((pl.col("date") == day(3)) & (pl.col("by") == "all") & pl.col("item").is_null())

    assert of(found, "suitworks", "suit")["usable"] is None
    assert everyone.select("enterprises", "reporting", "resumed", "resumption_rate").row(0) == (2, 1, 0, 0.0)


def test_resumption_is_told_day_by_day_by_item_area_and_industry():
    found = survey(capacity(20, 1), capacity(60, 3), capacity(5, 2, reporter="suitworks", item="suit"))
    masks = found.resumption.filter(by="all", item="mask")

    assert masks["usable_share"].to_list() == [0.25, 0.25, 0.75]
    assert found.resumption.filter(by="all", item="suit")["usable_share"].to_list() == [None, 0.5, 0.5]
    assert found.resumption.filter(by="area", item="mask", name="east")["usable"].to_list() == [20, 20, 60]
    assert set(found.resumption.filter(by="industry")["name"]) == {"medical"}


def test_blockers_are_ranked_by_the_capacity_they_withhold():
    base = tiny()
    other = base["enterprises"].filter(enterprise="maskworks").with_columns(enterprise=pl.lit("other"))
    line = base["lines"].filter(line="L1").with_columns(line=pl.lit("L9"), enterprise=pl.lit("other"))
    found = survey(
        capacity(70, 1, blocker="cash"),
        capacity(30, 1, reporter="other", blocker="staff"),
        enterprises=pl.concat([base["enterprises"], other]),
        lines=pl.concat([base["lines"], line]),
    )

    assert found.blockers.rows() == [("mask", "staff", 1, 50.0, 0.3125), ("mask", "cash", 1, 10.0, 0.0625)]


def test_each_group_of_lines_that_makes_the_item_gets_the_share_in_a_row_that_a_case_takes():
    base = tiny()
    lines = pl.concat([base["lines"], base["lines"].filter(line="L1").with_columns(line=pl.lit("L9"))])
    found = survey(capacity(40, 2, blocker="staff", received_at=day(3)), lines=lines)

    assert found.availability.columns == [c.name for c in AVAILABILITY.columns]
    assert found.availability.select("subject", "from", "to", "share", "blocker", "known_on").rows() == [
        ("L1", day(2), None, 0.25, "staff", day(3)),
        ("L9", day(2), None, 0.25, "staff", day(3)),
    ]
    assert len(tiny(availability=found.availability, lines=lines).check().errors) == 0


def test_a_case_without_reports_has_a_survey_without_rows():
    found = survey()

    assert found.availability.equals(frames.empty(AVAILABILITY))
    assert found.blockers.height == 0
    assert found.capacity["reported"].null_count() == 3


def test_reports_of_places_and_of_items_without_a_line_leave_no_line_usable():
    found = survey(capacity(5, 1, reporter="east"), capacity(5, 1, reporter="nappyworks"))

    assert found.availability.height == 0
    assert [finding.rule for finding in found.findings] == ["no_such_line"]


def test_forty_licensed_makers_of_suits_of_whom_forty_per_cent_are_back_can_make_12_000_a_day():
    """MIIT, 26 January 2020: 40 makers in 14 provinces, 30,000 suits a day in all, 40 % back at work."""
    base = tiny()
    makers = [f"maker{i:02}" for i in range(40)]
    home = {"place": "east"}
    found = survey(
        *(capacity(750 if i < 16 else 0, 1, reporter=maker, item="suit") for i, maker in enumerate(makers)),
        enterprises=pl.DataFrame({"enterprise": makers, "name": makers, **home}),
        lines=pl.DataFrame({"line": makers, "enterprise": makers, **home, "kind": "chamber", "quantity": 75.0}),
        processes=base["processes"],
    )
    suits = found.resumption.filter(by="all", item="suit", date=day(3)).row(0, named=True)

    assert (suits["enterprises"], suits["nominal"], suits["usable"]) == (40, 30_000, 12_000)
    assert suits["resumption_rate"] == pytest.approx(0.4)


REPORT = st.builds(
    lambda reporter, item, measure, quantity, on, late: {
        "reporter": reporter, "item": item, "measure": measure, "date": day(on), "quantity": quantity,
        "received_at": None if late is None else day(on + late),
    },
    st.sampled_from(["maskworks", "suitworks", "nappyworks"]), st.sampled_from(["mask", "suit", "suit_unsterile"]),
    st.sampled_from(["capacity", "capacity", "output"]), st.floats(0, 200), st.integers(1, 5),
    st.none() | st.integers(0, 3),
)  # fmt: skip


def keyed(reports):
    """The reports without those of the same key; what was received on its day is the same as what does not say."""
    return list({(r["reporter"], r["item"], r["measure"], r["date"], r["received_at"]): r for r in reports}.values())


@settings(max_examples=40)
@given(st.lists(REPORT, max_size=12).map(keyed), st.randoms(use_true_random=False))
def test_the_plan_never_counts_on_more_than_nominal_and_the_order_of_reports_changes_nothing(reports, random):
    shuffled = random.sample(reports, len(reports))
    one, other = survey(*reports), survey(*shuffled)

    assert one.availability["share"].is_between(0, 1).all()
    assert (one.capacity["usable"] <= one.capacity["nominal"]).all()
    for name in ("capacity", "resumption", "blockers", "availability"):
        assert getattr(one, name).equals(getattr(other, name)), name
    assert sorted(f.message for f in one.findings) == sorted(f.message for f in other.findings)


@settings(max_examples=40)
@given(st.lists(REPORT, max_size=12).map(keyed), st.integers(1, 5))
def test_what_is_received_later_changes_nothing(reports, as_of):
    known = [r for r in reports if max(r["date"], r["received_at"] or START) <= day(as_of)]

    one, other = survey(*reports, as_of=as_of), survey(*known, as_of=as_of)
    assert one.capacity.equals(other.capacity)
    assert one.availability.equals(other.availability)
