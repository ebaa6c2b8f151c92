"""Whatever order reports come in, the last one received counts and no row is lost."""

from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase
from tests.web.reporting_world import add_items, row

from mainstay_web.accounts import actions as accounts
from mainstay_web.reporting import actions
from mainstay_web.reporting.errors import KeyReused
from mainstay_web.reporting.models import Report, Submission

ROWS = st.lists(
    st.builds(
        row,
        item=st.sampled_from(["mask", "suit", "no_such_item"]),
        measure=st.sampled_from(["output", "stock"]),
        day=st.sampled_from(["2020-02-01", "2020-02-02"]),
        quantity=st.one_of(st.integers(0, 3), st.just("1,000")),
    ),
    min_size=1,
    max_size=4,
)
SUBMISSIONS = st.lists(st.tuples(st.sampled_from("abcd"), ROWS), min_size=1, max_size=8)


class Interleavings(TestCase):
    """First, late, corrected and repeated submissions, in any order."""

    def setUp(self) -> None:
        """One maker, with items in the register."""
        country = accounts.add_organisation(code="country", name="Country", kind="country", by=None)
        self.maker = accounts.add_organisation(code="maker", name="M", kind="enterprise", parent=country, by=None)
        add_items(country)

    @settings(max_examples=40, suppress_health_check=list(HealthCheck))
    @given(SUBMISSIONS)
    def test_the_last_received_counts_and_every_row_is_accounted_for(self, sent: list) -> None:
        bodies: dict[str, list] = {}
        last: dict[tuple, float] = {}
        for key, rows in sent:
            if key in bodies and bodies[key] != rows:
                with pytest.raises(KeyReused):
                    self.submit(key, rows)
                continue
            submission = self.submit(key, rows)
            assert submission.accepted + submission.refused == submission.rows == len(rows)
            if key not in bodies:
                last |= accepted(rows, submission)
            bodies[key] = rows
        assert {(r.item, r.measure, str(r.date)): r.quantity for r in Report.objects.filter(is_current=True)} == last
        assert Submission.objects.count() == len(bodies)
        self.versions_are_whole()

    def submit(self, key: str, rows: list) -> Submission:
        return actions.submit(organisation=self.maker, key=key, rows=rows, channel="api", by=None)

    def versions_are_whole(self) -> None:
        versions: dict[tuple, list[int]] = {}
        for report in Report.objects.order_by("version"):
            versions.setdefault((report.item, report.measure, report.date), []).append(report.version)
        for numbers in versions.values():
            assert numbers == list(range(1, len(numbers) + 1))


def accepted(rows: list, submission: Submission) -> dict[tuple, float]:
    """What these rows say, told by the words of the rules alone: a sound number, a known item, no figure twice."""
    sound = [r for r in rows if r["item"] != "no_such_item" and r["quantity"] != "1,000"]
    seen: Counter = Counter()
    found = {}
    for each in rows:
        figure = (each["item"], each["measure"], each["date"])
        seen[figure] += 1
        if seen[figure] == 1 and each in sound:
            found[figure] = float(each["quantity"])
    assert len(found) == submission.accepted
    return found
