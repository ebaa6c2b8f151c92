"""What stands ready, all preparations, starting one, one with its progress, frontier and designs."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from mainstay.errors import DataError, UsageError
from mainstay.report.page import PREPARE_PART_SCRIPTS
from mainstay.tables import CASE_TABLES
from mainstay_web.accounts import rights
from mainstay_web.accounts.models import Person
from mainstay_web.accounts.templatetags.words import is_chinese, named
from mainstay_web.jobs import actions as jobs
from mainstay_web.jobs.models import kept
from mainstay_web.jobs.views import follow
from mainstay_web.listing import Column, Filter, Listing
from mainstay_web.planning.views.results import part_data
from mainstay_web.preparing import actions, queries, words
from mainstay_web.preparing.forms import CompareForm, StartForm
from mainstay_web.preparing.models import Design, Preparation
from mainstay_web.registry.words import table_name

SOON = 30
"""Days ahead of which the page says what the calendar asks for."""


def require_seeing(person: Person) -> None:
    """Refuse who may see nothing of this anywhere."""
    rights.require_somewhere(person, "readiness.view")


def get_preparation(person: Person, pk: int) -> Preparation:
    """One preparation, if the person may see it."""
    found = queries.visible_preparations(person).filter(pk=pk).first()
    if found is None:
        raise Http404
    return found


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """Which designs are in force, what their calendar asks for, and all preparations, the newest first."""
    require_seeing(request.user)
    rows = queries.visible_preparations(request.user)
    if is_poll := request.headers.get("HX-Target", "").endswith("#preparations"):
        request.GET = QueryDict(urlsplit(request.headers.get("HX-Current-URL", "")).query)
    listing = Listing(
        request,
        rows,
        _columns(),
        search=("title",),
        filters=(Filter("state", _("State"), Preparation.State.choices),),
        export_name="preparations",
        caption=_("Preparations"),
        order="-at",
        empty=_("Nothing has been prepared yet."),
    )
    context = {"listing": listing, "is_active": rows.filter(state__in=Preparation.ACTIVE).exists()}
    if is_poll:
        return render(request, "preparing/rows.html", context)
    return listing.answer("preparing/home.html", context | _about_all(request.user))


def _about_all(person: Person) -> dict[str, Any]:
    designs, tasks = queries.visible_designs(person), queries.calendar(person)
    return {
        "in_force": designs.filter(verdict=Design.Verdict.APPROVED).order_by("organisation__path"),
        "overdue": tasks.filter(queries.overdue()).count(),
        "coming": tasks.filter(queries.coming(SOON)).count(),
        "soon": SOON,
        "may_start": rights.may_somewhere(person, "readiness.run"),
        "missing": _missing(),
        "compare": CompareForm(designs=designs, auto_id="compare_%s") if designs.count() > 1 else None,
    }


def _missing() -> list[dict[str, str]]:
    return [{"name": name, "title": table_name(CASE_TABLES[name])} for name in queries.lacking_in_register()]


def _columns() -> list[Column]:
    def said(name: str, how: Any) -> Any:
        return lambda each: how(each.summary[name]) if each.summary else ""

    return [
        Column("title", _("Title"), href=lambda each: each.get_absolute_url()),
        Column("state", _("State"), value=lambda each: each.get_state_display()),
        Column("budget", _("Budget a year"), kind="number", value=lambda each: each.budget),
        Column("mean", _("Need lost, mean"), kind="number", sorts=False, value=said("mean", words.loss)),
        Column("worst", _("worst"), kind="number", sorts=False, value=said("worst", words.loss)),
        Column("organisation", _("For"), path="organisation__path", value=lambda each: named(each.organisation)),
        Column(
            "by",
            _("Started by"),
            path="by__username",
            value=lambda each: (each.by.get_full_name() or each.by.username) if each.by else _("the system"),
        ),
        Column("at", _("Started"), path="at"),
    ]


@require_http_methods(["GET", "HEAD", "POST"])
def start(request: HttpRequest) -> HttpResponse:
    """Choose the case and the money; the designs are found in the background."""
    if not rights.may_somewhere(request.user, "readiness.run"):
        raise PermissionDenied("readiness.run")
    first = {"title": _("What should stand ready")}
    form = StartForm(request.POST or None, request.FILES or None, person=request.user, initial=first)
    findings: list[dict[str, Any]] = []
    if request.method == "POST" and form.is_valid():
        try:
            return redirect(_start(form, request.user))
        except DataError as error:
            findings = kept(error.findings)
            form.add_error("file", _("The case has errors."))
        except (UsageError, ValidationError) as error:
            form.add_error("source", error if isinstance(error, ValidationError) else str(error))
    context = {"form": form, "findings": findings, "missing": _missing()}
    return render(request, "preparing/start.html", context, status=422 if request.method == "POST" else 200)


def _start(form: StartForm, by: Person) -> Preparation:
    """Start the preparation that the form describes."""
    said = form.cleaned_data
    same = ("organisation", "title", "budget", "others", "futures", "seed", "time_limit")
    return actions.start_preparation(
        snapshot=form.snapshot(),
        caution=said["caution"] / 100,
        level=1 - said["tail"] / 100,
        hold_out=said["hold_out"] / 100,
        gap=said["gap"] / 100,
        by=by,
        **{name: said[name] for name in same},
    )


@require_safe
def preparation(request: HttpRequest, pk: int) -> HttpResponse:
    """One preparation: what was asked, how far it is, the frontier, its designs."""
    found = get_preparation(request.user, pk)
    context: dict[str, Any] = {
        "preparation": found,
        "may_run": rights.may(request.user, "readiness.run", found.organisation),
        "states": found.states.select_related("by"),
    }
    if found.state == Preparation.State.DONE:
        designs = found.designs.all()
        context |= {
            "designs": designs,
            "asked": next((each for each in designs if each.is_asked), None),
            "knee": next((each for each in designs if each.is_knee), None),
            "compare": CompareForm(designs=designs, auto_id="compare_%s"),
            "scripts": PREPARE_PART_SCRIPTS,
            "speak": "zh" if is_chinese() else "en",
        }
    return render(request, "preparing/preparation.html", context)


@require_safe
def data(request: HttpRequest, pk: int) -> HttpResponse:
    """Data of the frontier."""
    return part_data(_done(request.user, pk).results.part_data)


def _done(person: Person, pk: int) -> Preparation:
    found = get_preparation(person, pk)
    if found.state != Preparation.State.DONE:
        raise Http404
    return found


@require_safe
def progress(request: HttpRequest, pk: int) -> HttpResponse:
    """How far a preparation is; when it has ended, the page is asked to load again."""
    found = get_preparation(request.user, pk)
    return follow(request, found, may_cancel=rights.may(request.user, "readiness.run", found.organisation))


@require_POST
def cancel(request: HttpRequest, pk: int) -> HttpResponse:
    """Stop a preparation."""
    found = get_preparation(request.user, pk)
    if jobs.cancel(work=found, by=request.user):
        messages.success(request, _("It is being cancelled."))
    else:
        messages.warning(request, _("It had ended already."))
    return redirect(found)
