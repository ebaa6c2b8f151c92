"""Pages of the supply office: who has reported, alerts, usable capacity."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import Count, F, QuerySet, Value
from django.db.models.functions import Coalesce, NullIf
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from mainstay_web.accounts.models import Organisation, Person
from mainstay_web.accounts.rights import get_visible, may_somewhere, organisations, visible
from mainstay_web.accounts.templatetags.words import is_chinese, message_of, named
from mainstay_web.listing import Column, Filter, Listing
from mainstay_web.reporting import actions, capacity, queries
from mainstay_web.reporting import coverage as coverages
from mainstay_web.reporting.coverage import Status
from mainstay_web.reporting.models import Measure, ReportFinding, Submission
from mainstay_web.reporting.templatetags.reporting_words import rule_name
from mainstay_web.reporting.views.common import day_of, today

WEEK = 7


def require_office(person: Person) -> None:
    """Refuse who sees no reports; whose reports a person sees, each page narrows by their rights."""
    if not may_somewhere(person, "reports.view"):
        raise PermissionDenied


@require_safe
def coverage(request: HttpRequest) -> HttpResponse:
    """Who has reported for a day, who was late, who is missing; by area, and each by name."""
    require_office(request.user)
    day = day_of(request, today())
    wanted = coverages.Wanted(day)
    keep = coverages.keeping(request.user, wanted)
    areas = keep("areas", coverages.Areas)
    summary = keep("summary", lambda: coverages.summary(request.user, wanted, areas, WEEK))
    context = {
        "day": day,
        "day_before": day - timedelta(1),
        "day_after": day + timedelta(1) if day < today() else None,
        "totals": summary.totals,
        "areas": _by_area(summary, areas),
        "week": [{"day": each, "count": summary.days.get(each, 0)} for each in _days_to(day)],
    }
    if request.GET.get("part") == "summary":
        return render(request, "reporting/_coverage.html", context)
    seen = wanted.asked(organisations(request.user, "reports.view"))
    name = Coalesce(NullIf("name_zh", Value("")), "name") if is_chinese() else F("name")

    def told(page: Sequence[Organisation]) -> list[dict[str, Any]]:
        """What the rows say of a few organisations."""
        found = {c.organisation.pk: c for c in wanted.coverage(_these(page))}
        return [_row(found[each.pk], areas) for each in page if each.pk in found]

    listing = Listing(
        request,
        seen.only("pk").alias(organisation=name, area=areas.name),
        (
            Column("code", gettext_lazy("Code"), on_page=False),
            Column(
                "organisation",
                gettext_lazy("Organisation"),
                href=lambda row: reverse("reporting:received", args=[row["code"]]),
            ),
            Column("area", gettext_lazy("Area")),
            Column("status", gettext_lazy("State"), text=lambda status: Status(status).label),
            Column("due", gettext_lazy("Due")),
            Column("received", gettext_lazy("First received")),
        ),
        search=("name", "name_zh", "code"),
        filters=(
            Filter("status", gettext_lazy("State"), Status.choices),
            Filter("area", gettext_lazy("Area"), [(row["name"], row["name"]) for row in context["areas"]]),
        ),
        order="organisation",
        caption=gettext_lazy("Each organisation that is asked"),
        export_name=f"coverage-{day}",
        empty=gettext_lazy("No questionnaire asks anybody for reports of this day."),
        number=lambda: summary.totals["asked"],
        keep=keep,
        told=told,
    )
    return listing.answer("reporting/coverage.html", context)


def _these(page: Sequence[Organisation]) -> QuerySet[Organisation]:
    return Organisation.objects.filter(pk__in=[each.pk for each in page])


def _row(found: coverages.Coverage, areas: coverages.Areas) -> dict[str, Any]:
    return {
        "code": found.organisation.code,
        "organisation": named(found.organisation),
        "area": named(areas.of(found.organisation)),
        "status": found.status.value,
        "due": found.due,
        "received": found.received_at,
    }


def _days_to(day: date) -> list[date]:
    return [day - timedelta(ago) for ago in range(WEEK - 1, -1, -1)]


def _by_area(summary: coverages.Summary, areas: coverages.Areas) -> list[dict[str, Any]]:
    rows = []
    for area in areas.all:
        if totals := summary.areas.get(area.pk):
            share = round(100 * (totals["reported"] + totals["late"]) / totals["asked"])
            rows.append({"area": area, "name": named(area), "share": share, **totals})
    return sorted(rows, key=lambda row: (row["share"], row["area"].path))


@require_safe
def findings(request: HttpRequest) -> HttpResponse:
    """Alerts that nobody has looked at: how many by rule, and each with what to ask."""
    person = request.user
    require_office(person)
    actions.ask(Submission.objects.all())
    is_open = request.GET.get("state") != "acknowledged"
    alerts = visible(person, "reports.view", ReportFinding.objects.filter(severity="warning"))
    rows = alerts.filter(acknowledgement__isnull=is_open).select_related(
        "organisation", "report", "submission", "acknowledgement__by"
    )
    rules = list(rows.order_by().values_list("rule").annotate(n=Count("pk")).order_by("-n", "rule"))
    items = queries.items()

    def figure(finding: ReportFinding) -> str:
        report = finding.report
        if report is None:
            return ""
        item = items.get(report.item)
        return f"{named(item) if item else report.item} · {Measure(report.measure).label} · {report.date}"

    listing = Listing(
        request,
        rows,
        (
            Column(
                "received_at",
                gettext_lazy("Received at"),
                path="submission__received_at",
                href=lambda f: reverse("reporting:finding", args=[f.pk]),
            ),
            Column(
                "organisation",
                gettext_lazy("Organisation"),
                path="organisation__name",
                value=lambda f: named(f.organisation),
            ),
            Column("figure", gettext_lazy("Figure"), value=figure, sorts=False),
            Column("rule", gettext_lazy("Rule"), text=rule_name),
            Column("message", gettext_lazy("What was found"), value=message_of, sorts=False),
            Column("note", gettext_lazy("Acknowledged"), value=_said, sorts=False),
        ),
        search=("organisation__name", "organisation__name_zh", "message", "message_zh"),
        filters=(Filter("rule", gettext_lazy("Rule"), [(rule, f"{rule_name(rule)} ({n})") for rule, n in rules]),),
        order="-submission__received_at",
        caption=gettext_lazy("Alerts"),
        export_name="alerts",
        empty=gettext_lazy("There is no open alert."),
    )  # fmt: skip
    return listing.answer("reporting/findings.html", {"rules": rules, "is_open": is_open})


def _said(finding: ReportFinding) -> str:
    said = getattr(finding, "acknowledgement", None)
    return f"{said.note} ({said.by})" if said else ""


@require_safe
def finding(request: HttpRequest, pk: int) -> HttpResponse:
    """One alert, with the figure and the versions it speaks of."""
    rows = ReportFinding.objects.select_related("organisation", "report", "submission", "acknowledgement__by")
    found = get_visible(request.user, "reports.view", rows, pk=pk)
    report = found.report
    context = {
        "finding": found,
        "item": queries.items().get(report.item) if report else None,
        "said": getattr(found, "acknowledgement", None),
    }
    return render(request, "reporting/finding.html", context)


@require_POST
def acknowledge(request: HttpRequest, pk: int) -> HttpResponse:
    """Say what an alert is."""
    found = get_visible(request.user, "reports.view", ReportFinding.objects.filter(severity="warning"), pk=pk)
    note = request.POST.get("note", "").strip()
    if not note:
        messages.error(request, _("Write what was found out, then acknowledge."))
        return redirect("reporting:finding", pk)
    actions.acknowledge(finding=found, note=note[:300], by=request.user)
    messages.success(request, _("The alert is acknowledged."))
    return redirect("reporting:findings")


@require_safe
def usable(request: HttpRequest) -> HttpResponse:
    """What makers can really do, from their reports: resumption by item and area, and what blocks the rest."""
    require_office(request.user)
    day = day_of(request, today())
    survey = capacity.survey(day, organisations(request.user, "reports.view"))
    items = queries.items()
    blockers = capacity.blockers(survey, items)
    listing = Listing(
        request,
        capacity.resumption(survey, items),
        (
            Column("of", gettext_lazy("Of")),
            Column("item", gettext_lazy("Item")),
            Column("enterprises", gettext_lazy("Makers"), kind="number"),
            Column("reporting", gettext_lazy("Reporting"), kind="number"),
            Column("resumed", gettext_lazy("At work"), kind="number"),
            Column("resumption", gettext_lazy("Resumption, %"), kind="number"),
            Column("usable", gettext_lazy("Usable a day"), kind="number"),
            Column("nominal", gettext_lazy("Nominal a day"), kind="number"),
            Column("usable_share", gettext_lazy("Usable, %"), kind="number"),
            Column("unit", gettext_lazy("Unit")),
        ),
        search=("of", "item"),
        filters=(Filter("by", gettext_lazy("Grouped by"), capacity.GROUPS),),
        caption=gettext_lazy("Resumption of work and usable capacity"),
        export_name=f"capacity-{day}",
        empty=gettext_lazy("The register has no maker with lines."),
    )
    return listing.answer("reporting/capacity.html", {"day": day, "blockers": blockers})
