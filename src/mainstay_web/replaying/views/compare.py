"""Two replays side by side."""

from __future__ import annotations

import polars as pl
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from mainstay_web.accounts import rights
from mainstay_web.listing import Column, Listing
from mainstay_web.planning import words
from mainstay_web.planning.results import Results
from mainstay_web.planning.views.results import filters
from mainstay_web.replaying import queries
from mainstay_web.replaying.forms import CompareForm
from mainstay_web.replaying.models import Replay
from mainstay_web.replaying.mornings import policy_words

FIGURES = ("vital", "essential", "desirable", "loss", "regret", "cost", "waste")


@require_safe
def comparison(request: HttpRequest) -> HttpResponse:
    """What differs between replay A and replay B: each policy's figures, and what was lost where."""
    rights.require_somewhere(request.user, "replays.view")
    done = queries.visible_replays(request.user).filter(state=Replay.State.DONE)
    form = CompareForm(request.GET, replays=done)
    if not form.is_valid():
        return (
            render(request, "replaying/compare.html", {"form": form}) if request.GET else redirect("replaying:replays")
        )
    a, b = form.cleaned_data["a"], form.cleaned_data["b"]
    names = words.names_of(b.results)
    lost = lost_beside(a.results, b.results)
    columns = [
        Column("policy", _("Policy"), text=policy_words),
        *words.columns_of(((c, lost.schema[c]) for c in ("item", "place", "tier")), names),
        Column("a", "A", kind="number", text=words.quantity),
        Column("b", "B", kind="number", text=words.quantity),
        Column("change", _("B less A"), kind="number", text=words.signed),
    ]
    listing = Listing(
        request,
        lost,
        columns,
        filters=filters(lost.lazy(), names),
        export_name=f"lost-{a.pk}-{b.pk}",
        caption=_("Units not met, where the replays differ"),
        size=25,
        empty=_("The same needs are met in both."),
    )
    context = {"form": form, "a": a, "b": b, "policies": policies_beside(a.results, b.results)}
    return listing.answer("replaying/compare.html", context)


def policies_beside(a: Results, b: Results) -> list[dict[str, object]]:
    """The policies of both, each with its figures in A and B; None where one has none."""
    both = a.table("policies").join(b.table("policies"), on="policy", how="full", coalesce=True, suffix="_b").collect()
    return [
        {"words": policy_words(row["policy"]), "figures": [(row[name], row[f"{name}_b"]) for name in FIGURES]}
        for row in both.sort("rank", "rank_b", nulls_last=True).iter_rows(named=True)
    ]


def lost_beside(a: Results, b: Results) -> pl.DataFrame:
    """Units lost by policy, item, place and tier, of policies in both, where they differ; the largest change first."""
    key = ["policy", "item", "place", "tier"]
    lost = [each.table("replay_service").group_by(key).agg(pl.col("lost").sum()) for each in (a, b)]
    shared = a.table("policies").join(b.table("policies"), on="policy", how="semi").select("policy")
    return (
        lost[0]
        .rename({"lost": "a"})
        .join(lost[1].rename({"lost": "b"}), on=key, how="full", coalesce=True)
        .join(shared, on="policy", how="semi")
        .with_columns(pl.col("a", "b").fill_null(0.0))
        .with_columns(change=pl.col("b") - pl.col("a"))
        .filter(pl.col("change").abs() > 1e-6 * pl.max_horizontal("a", "b", pl.lit(1.0)))
        .sort(pl.col("change").abs(), *key, descending=[True, *[False] * len(key)])
        .collect()
    )
