"""Pages of one reporter: today's form, what was received, figures and their versions, the series."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

from django.contrib import messages
from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from mainstay_web.accounts.models import Organisation, Person
from mainstay_web.accounts.rights import get_visible, may_somewhere, organisations, require
from mainstay_web.accounts.templatetags.words import named
from mainstay_web.listing import Column, Filter, Listing
from mainstay_web.reporting import actions, charts, queries
from mainstay_web.reporting.errors import KeyReused, NothingSubmitted
from mainstay_web.reporting.models import Basis, Blocker, Measure, Questionnaire, Report, ReportFinding, Submission
from mainstay_web.reporting.sheet import Line, fill, lines_of
from mainstay_web.reporting.views.common import day_of, frame_of_pages, organisation_of, today

SERIES_DAYS = 60


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """One's own form for who reports for one organisation, else the ways into reports."""
    person = request.user
    if not may_somewhere(person, "reports.view") and not may_somewhere(person, "reports.submit"):
        return render(request, "reporting/none.html", status=403)
    own = _reports_for(person)
    if len(own) == 1 and not may_somewhere(person, "reports.review"):
        return redirect("reporting:form", own[0].code)
    listing = Listing(
        request,
        organisations(person, "reports.view").filter(is_active=True).select_related("parent"),
        (
            Column("code", gettext_lazy("Code"), on_page=False),
            Column(
                "name",
                gettext_lazy("Organisation"),
                value=named,
                href=lambda o: reverse("reporting:received", args=[o.code]),
            ),
            Column("kind", gettext_lazy("Kind"), text=lambda kind: Organisation.Kind(kind).label),
            Column("parent", gettext_lazy("Under"), path="parent__name", value=lambda o: named(o.parent)),
        ),
        search=("name", "name_zh", "code"),
        filters=(Filter("kind", gettext_lazy("Kind"), Organisation.Kind.choices),),
        caption=gettext_lazy("Organisations"),
        export_name="organisations",
    )
    return listing.answer(
        "reporting/home.html",
        {"alerts": queries.open_alerts(person).count(), "may_edit": may_somewhere(person, "questionnaires.edit")},
    )


def _reports_for(person: Person) -> list[Organisation]:
    """The organisations that the person was made a reporter of, not those under them."""
    memberships = person.memberships.filter(organisation__is_active=True).select_related("organisation", "role")
    return [each.organisation for each in memberships if "reports.submit" in each.role.actions]


@require_http_methods(["GET", "HEAD", "POST"])
def form(request: HttpRequest, code: str) -> HttpResponse:
    """The figures of a day, from the questionnaire in force."""
    organisation = organisation_of(request, code)
    require(request.user, "reports.submit", organisation)
    questionnaires = queries.in_force(organisation, day_of(request, today()))
    questionnaire = _chosen(request, questionnaires)
    day = day_of(request, today() - timedelta(questionnaire.due_days if questionnaire else 0))
    lines = lines_of(questionnaire, organisation, day) if questionnaire else []
    context: dict[str, object] = {
        **frame_of_pages(request, organisation, "form"),
        "questionnaires": questionnaires,
        "questionnaire": questionnaire,
        "announced": queries.announced(organisation, today()),
        "day": day,
        "day_before": day - timedelta(1),
        "due": queries.due(questionnaire, day) if questionnaire else None,
        "lines": lines,
        "blockers": Blocker.choices,
        "missing": [d for d in queries.missing_days(organisation, day - timedelta(7), day) if d != day],
    }
    status = 200
    if request.method == "POST" and questionnaire:
        submission, problem, status = _send(request, organisation, questionnaire, day.isoformat(), lines)
        if submission and not submission.refused:
            messages.success(request, _("Received: %(rows)d figures. Thank you.") % {"rows": submission.rows})
            return redirect("reporting:submission", submission.pk)
        context |= {"submission": submission, "problem": problem}
    return render(request, "reporting/form.html", {**context, "key": uuid4().hex}, status=status)


def _chosen(request: HttpRequest, questionnaires: list[Questionnaire]) -> Questionnaire | None:
    wanted = request.POST.get("questionnaire") or request.GET.get("questionnaire")
    return next((q for q in questionnaires if q.code == wanted), questionnaires[0] if questionnaires else None)


def _send(
    request: HttpRequest, organisation: Organisation, questionnaire: Questionnaire, day: str, lines: list[Line]
) -> tuple[Submission | None, str, int]:
    """Submit what was typed; the submission or the problem, and the status of the answer."""
    filled = fill(lines, request.POST)
    try:
        submission = actions.submit(
            organisation=organisation,
            key=request.POST.get("key") or uuid4().hex,
            rows=[line.row(day) for line in filled],
            channel=Submission.Channel.FORM,
            by=request.user,
            questionnaire=questionnaire,
        )
    except NothingSubmitted:
        return None, _("Fill in at least one figure; leave empty what is not known."), NothingSubmitted.status
    except KeyReused as error:
        text = _(
            "This form was sent already, with other figures: %(what)s. Look at the figures below and send them again."
        )
        return None, text % {"what": "; ".join(error.differences)}, KeyReused.status
    for finding in submission.findings.filter(row__isnull=False):
        filled[finding.row - 1].findings.append(finding)
    return submission, "", 422


@require_safe
def received(request: HttpRequest, code: str) -> HttpResponse:
    """What was received of an organisation, and what was found in it."""
    organisation = organisation_of(request, code)
    rows = Submission.objects.filter(organisation=organisation).select_related("by")
    listing = Listing(
        request,
        rows.annotate(alerts=Count("findings", filter=Q(findings__severity="warning"))),
        (
            Column(
                "received_at",
                gettext_lazy("Received at"),
                href=lambda s: reverse("reporting:submission", args=[s.pk]),
            ),
            Column("channel", gettext_lazy("By way of"), text=lambda channel: Submission.Channel(channel).label),
            Column("by", gettext_lazy("By"), path="by__username", value=lambda s: str(s.by or "")),
            Column("rows", gettext_lazy("Rows"), kind="number"),
            Column("accepted", gettext_lazy("Accepted"), kind="number"),
            Column("unchanged", gettext_lazy("of these unchanged"), kind="number"),
            Column("refused", gettext_lazy("Refused"), kind="number"),
            Column("alerts", gettext_lazy("Alerts"), kind="number"),
            Column("key", gettext_lazy("Key"), on_page=False),
            Column("digest", gettext_lazy("Digest"), on_page=False),
        ),
        filters=(Filter("channel", gettext_lazy("By way of"), Submission.Channel.choices),),
        order="-received_at",
        caption=gettext_lazy("What was received"),
        export_name=f"received-{organisation.code}",
        empty=gettext_lazy("Nothing was received yet."),
    )
    last = queries.last_report(organisation)
    context = {
        **frame_of_pages(request, organisation, "received"),
        "last": last,
        "missing": queries.missing_days(organisation, today() - timedelta(14), today() - timedelta(1)),
        "alerts": queries.open_alerts(request.user).filter(organisation=organisation).count(),
    }
    return listing.answer("reporting/received.html", context)


@require_safe
def submission(request: HttpRequest, pk: int) -> HttpResponse:
    """One submission: its rows accounted for, its findings, the figures that came of it."""
    rows = Submission.objects.select_related("organisation", "by", "questionnaire")
    found = get_visible(request.user, "reports.view", rows, pk=pk)
    actions.ask(Submission.objects.filter(pk=found.pk))
    items = queries.items()
    listing = Listing(
        request,
        found.reports.select_related("organisation"),
        figure_columns(items, with_organisation=True),
        order="row",
        caption=gettext_lazy("Figures accepted and new"),
        export_name=f"submission-{found.pk}",
        empty=gettext_lazy("No figure is new."),
    )
    findings = found.findings.select_related("organisation", "report")
    context = {
        **frame_of_pages(request, found.organisation, "received"),
        "submission": found,
        "findings": findings[:MOST_FINDINGS],
        "num_findings": findings.count(),
        "most": MOST_FINDINGS,
    }
    return listing.answer("reporting/submission.html", context)


MOST_FINDINGS = 200
"""Findings that a page shows; the files of refused rows hold all."""


def figure_columns(items: dict[str, queries.Item], *, with_organisation: bool = False) -> tuple[Column, ...]:
    """Columns of a listing of figures."""

    def name(code: str) -> str:
        return named(items[code]) if code in items else code

    def unit(report: Report) -> str:
        return items[report.item].unit if report.item in items else report.unit

    own = (
        Column(
            "organisation",
            gettext_lazy("Organisation"),
            path="organisation__name",
            value=lambda r: named(r.organisation),
        ),
    )
    return (
        *(own if with_organisation else ()),
        Column("date", gettext_lazy("Day"), href=lambda r: reverse("reporting:figure", args=[r.pk])),
        Column("item", gettext_lazy("Item"), text=name),
        Column("measure", gettext_lazy("Measure"), text=lambda measure: Measure(measure).label),
        Column("basis", gettext_lazy("Basis"), text=lambda basis: Basis(basis).label),
        Column("quantity", gettext_lazy("Quantity"), kind="number"),
        Column("unit", gettext_lazy("Unit"), value=unit, sorts=False),
        Column("blocker", gettext_lazy("Blocker"), text=lambda blocker: Blocker(blocker).label if blocker else ""),
        Column("version", gettext_lazy("Version"), kind="number"),
        Column("received_at", gettext_lazy("Received at")),
    )  # fmt: skip


@require_safe
def figures(request: HttpRequest, code: str) -> HttpResponse:
    """The current figures of an organisation; each leads to its versions and to its correction."""
    organisation = organisation_of(request, code)
    items = queries.items()
    listing = Listing(
        request,
        Report.objects.filter(organisation=organisation, is_current=True),
        figure_columns(items),
        filters=(
            Filter("item", gettext_lazy("Item"), [(i.code, named(i)) for i in items.values()]),
            Filter("measure", gettext_lazy("Measure"), Measure.choices),
        ),
        order="-date",
        caption=gettext_lazy("Figures"),
        export_name=f"figures-{organisation.code}",
        empty=gettext_lazy("No figure was reported yet."),
    )
    return listing.answer("reporting/figures.html", frame_of_pages(request, organisation, "figures"))


@require_http_methods(["GET", "HEAD", "POST"])
def figure(request: HttpRequest, pk: int) -> HttpResponse:
    """All versions of one figure, and a new one."""
    report = get_visible(request.user, "reports.view", Report.objects.select_related("organisation"), pk=pk)
    organisation = report.organisation
    versions = Report.objects.filter(
        organisation=organisation, item=report.item, measure=report.measure, basis=report.basis, date=report.date
    ).select_related("submission__by")
    current = versions.get(is_current=True)
    context = {
        **frame_of_pages(request, organisation, "figures"),
        "report": current,
        "item": queries.items().get(report.item),
        "versions": versions.order_by("-version"),
        "findings": ReportFinding.objects.filter(report__in=versions).select_related("acknowledgement__by"),
        "blockers": Blocker.choices,
        "quantity": f"{current.quantity:.15g}",
        "key": uuid4().hex,
    }
    if request.method != "POST":
        return render(request, "reporting/figure.html", context)
    require(request.user, "reports.submit", organisation)
    row = {name: getattr(report, name) for name in ("item", "measure", "basis", "date")}
    row |= {name: request.POST.get(name, "").strip() for name in ("quantity", "blocker", "source")}
    try:
        sent = actions.submit(
            organisation=organisation,
            key=request.POST.get("key") or uuid4().hex,
            rows=[row],
            channel=Submission.Channel.FORM,
            by=request.user,
        )
    except KeyReused as error:
        return render(request, "reporting/figure.html", {**context, "problem": str(error)}, status=KeyReused.status)
    if sent.refused:
        context |= {"errors": sent.findings.filter(severity="error"), "quantity": row["quantity"]}
        return render(request, "reporting/figure.html", context, status=422)
    messages.success(request, _("The corrected figure was received. The old one is kept as a version."))
    return redirect("reporting:figure", versions.get(is_current=True).pk)


@require_safe
def series(request: HttpRequest, code: str) -> HttpResponse:
    """One figure over the last weeks, as bars and as a table."""
    organisation = organisation_of(request, code)
    current = Report.objects.filter(organisation=organisation, is_current=True)
    items = queries.items()
    kinds = [
        ("/".join(kind), f"{named(items.get(kind[0])) or kind[0]} · {Measure(kind[1]).label} · {Basis(kind[2]).label}")
        for kind in current.order_by("item", "measure", "basis").values_list("item", "measure", "basis").distinct()
    ]
    chosen = request.GET.get("of") or (kinds[0][0] if kinds else "")
    context = {**frame_of_pages(request, organisation, "series"), "kinds": kinds, "chosen": chosen}
    item, _slash, rest = chosen.partition("/")
    measure, _slash, basis = rest.partition("/")
    reports = {r.date: r for r in current.filter(item=item, measure=measure, basis=basis).order_by("date")}
    if reports:
        last = max(reports)
        first = max(min(reports), last - timedelta(SERIES_DAYS - 1))
        chart = charts.draw({day: r.quantity for day, r in reports.items()}, first, last)
        context |= {
            "chart": chart,
            "first": first,
            "last": last,
            "title": dict(kinds)[chosen],
            "unit": items[item].unit if item in items else "",
            "days": [(bar.day, reports.get(bar.day)) for bar in reversed(chart.bars)],
        }
    return render(request, "reporting/series.html", context)
