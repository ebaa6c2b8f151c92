"""The first page of each, and the report of a plan."""

from __future__ import annotations

from functools import lru_cache

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.cache import get_conditional_response
from django.utils.http import quote_etag
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from mainstay.report.page import PART_SCRIPTS
from mainstay_web.accounts import rights
from mainstay_web.accounts.templatetags.words import is_chinese
from mainstay_web.dashboards import queries
from mainstay_web.planning.models import Run
from mainstay_web.planning.queries import approved
from mainstay_web.planning.results import BRIEFINGS, Results


@require_safe
def situation(request: HttpRequest) -> HttpResponse:
    """For the office what runs short when and what to do today; for a reporter what is asked of them."""
    offices = rights.organisations(request.user, "plans.view")
    wanted = request.GET.get("organisation")
    office = offices.first()
    if office is None:
        return _own(request)
    if wanted:
        office = rights.get_visible(request.user, "plans.view", offices, prefix="", code=wanted)
    run = queries.shown_run(office)
    shown = {"office": office, "run": run, "alerts": queries.alerts(office, run)}
    if run:
        shown |= _plan(request, run)
    return render(request, "dashboards/situation.html", shown)


def _plan(request: HttpRequest, run: Run) -> dict[str, object]:
    story = queries.story(run.results)
    tier = request.GET.get("tier")
    tier = tier if tier in story.heats else next(iter(story.heats), "")
    language = "zh" if is_chinese() else "en"
    briefing = BRIEFINGS[language]
    return {
        "words": story.words,
        "briefing": briefing if briefing in story.files else "",
        "told": _told(run.results, tier, get_language(), request.GET.get("organisation", "")),
        "part": story.part,
        "speak": language,
        "scripts": PART_SCRIPTS,
    }


@lru_cache(maxsize=64)
def _told(results: Results, tier: str, language: str, office: str) -> str:
    """What to do today and what runs short when, as HTML: the same for all who read it in one language."""
    story = queries.story(results)
    days, lines = story.heats.get(tier, ([], []))
    shown = {"words": story.words, "tiers": list(story.heats), "tier": tier, "days": days, "lines": lines}
    return render_to_string("dashboards/_story.html", shown | {"office": office})


def _own(request: HttpRequest) -> HttpResponse:
    organisations = rights.organisations(request.user, "plans.own")
    cards = [
        {
            "organisation": each,
            "run": approved(each),
            "may_report": rights.may(request.user, "reports.submit", each),
        }
        for each in organisations[:20]
    ]
    return render(request, "dashboards/own.html", {"cards": cards})


@require_safe
def part_data(request: HttpRequest, pk: int) -> HttpResponse:
    """Data of the map and the charts of the situation page, sent once to a browser; every browser takes gzip."""
    done = Run.objects.filter(state=Run.State.DONE)
    run = rights.get_visible(request.user, "plans.view", done.only("folder"), pk=pk)
    etag = quote_etag(run.folder)
    headers = {"Content-Encoding": "gzip", "ETag": etag, "Cache-Control": "private, no-cache"}
    if known := get_conditional_response(request, etag=etag):
        return known
    return HttpResponse(run.results.part_data, content_type="application/json", headers=headers)
