"""The office: the follow-up board, issuing, what is held up, planning anew, and rules of reminding."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from mainstay_web.accounts import rights
from mainstay_web.accounts.models import Organisation
from mainstay_web.accounts.templatetags.words import named, percent
from mainstay_web.directives import actions, queries, replan
from mainstay_web.directives.forms import IssueForm, RulesForm
from mainstay_web.directives.models import OPEN, Directive, Kind, Rule, State
from mainstay_web.listing import Column, Filter, Listing
from mainstay_web.planning.queries import approved
from mainstay_web.planning.words import names_of

LATE, OPEN_ONES = "late", "open"


@require_safe
def board(request: HttpRequest) -> HttpResponse:
    """All directives that the person follows, the most pressing first."""
    if not rights.may_somewhere(request.user, "directives.view"):
        raise PermissionDenied("directives.view")
    rows = queries.directives_visible(request.user)
    office = rights.organisations(request.user, "directives.view").first()
    listing = Listing(
        request,
        queries.pressing_first(rows),
        _columns(),
        search=("text", "text_zh", "addressee__name", "addressee__name_zh", "addressee__code"),
        filters=(
            Filter("state", gettext_lazy("State"), _states(), apply=_in_state),
            Filter("kind", gettext_lazy("Kind"), Kind.choices),
            Filter("level", gettext_lazy("Escalated"), [("yes", gettext_lazy("yes"))], apply=_escalated),
        ),
        export_name="directives",
        caption=gettext_lazy("Directives"),
        empty=gettext_lazy("No directive was issued yet."),
    )
    return listing.answer("directives/board.html", _about(request, office, rows))


def _about(request: HttpRequest, office: Organisation, rows: QuerySet[Directive]) -> dict[str, Any]:
    run, issue = approved(office), queries.last_issue(office)
    is_ours = rights.may(request.user, "directives.issue", office) and run is not None and run.organisation == office
    held = replan.held_up(office) if issue and issue.organisation == office else []
    return {
        "office": office,
        "run": run,
        "issue": issue,
        "figures": _figures(rows),
        "issue_form": IssueForm() if is_ours else None,
        "held": _named(held, issue),
        "may_replan": rights.may(request.user, "plans.run", office) and any(each.matters for each in held),
        "may_issue": rights.may(request.user, "directives.issue", office),
    }


def _named(held: list[replan.HeldUp], issue: Any) -> list[dict[str, Any]]:
    names = names_of(issue.run.results) if held else None
    return [{"held": each, "name": names.item(each.item), "unit": names.unit(each.item)} for each in held]


def _figures(rows: QuerySet[Directive]) -> list[tuple[Any, int, bool, str]]:
    """How many directives are in each state that calls for a look: words, number, whether it is bad, its filter."""
    counts = rows.order_by().aggregate(
        late=Count("pk", filter=queries.late()), **{state: Count("pk", filter=Q(state=state)) for state in OPEN}
    )
    words = [(State.BLOCKED, True), (State.OBJECTED, True), (State.ISSUED, False), (State.UNDER_WAY, False)]
    shown = [(State(state).label, counts[state], is_bad, str(state)) for state, is_bad in words]
    return [(_("Overdue"), counts["late"], True, LATE), *shown]


def _states() -> list[tuple[str, Any]]:
    return [(OPEN_ONES, gettext_lazy("Not ended")), (LATE, gettext_lazy("Overdue")), *State.choices]


def _in_state(rows: QuerySet[Directive], chosen: str) -> QuerySet[Directive]:
    if chosen == LATE:
        return rows.filter(queries.late())
    return rows.filter(state__in=OPEN) if chosen == OPEN_ONES else rows.filter(state=chosen)


def _escalated(rows: QuerySet[Directive], _chosen: str) -> QuerySet[Directive]:
    return rows.filter(level__gt=0)


def _columns() -> tuple[Column, ...]:
    return (
        Column("directive", gettext_lazy("Number"), path="pk", on_page=False),
        Column("text", gettext_lazy("What"), value=lambda row: named(row.words), href=Directive.get_absolute_url),
        Column("addressee", gettext_lazy("Addressee"), path="addressee__path", value=lambda row: named(row.addressee)),
        Column("state", gettext_lazy("State"), value=_state_words),
        Column("blocker", gettext_lazy("Blocker"), value=lambda row: row.get_blocker_display()),
        Column("quantity", gettext_lazy("Quantity"), kind="number"),
        Column("unit", gettext_lazy("Unit"), on_page=False),
        Column("done", gettext_lazy("Done"), kind="number", on_page=False),
        Column(
            "share", gettext_lazy("Done"), kind="number", sorts=False, value=lambda row: row.share_done, text=percent
        ),
        Column("due", gettext_lazy("Due"), path="due_at"),
        Column("since", gettext_lazy("In this state since")),
        Column("plan", gettext_lazy("Plan"), path="issue__run__title", on_page=False),
    )


def _state_words(row: Directive) -> str:
    words = str(row.get_state_display())
    return f"{words}, {_('overdue')}" if row.is_late else words


@require_POST
def issue(request: HttpRequest, pk: int) -> HttpResponse:
    """Turn the plan in force into directives."""
    office = rights.get_visible(request.user, "directives.issue", Organisation.objects.all(), prefix="", pk=pk)
    form = IssueForm(request.POST)
    run = approved(office)
    try:
        if not form.is_valid() or run is None:
            raise ValidationError(_("Approve a plan and give a number of days."))
        made = actions.issue_directives(run=run, by=request.user, days=form.cleaned_data["days"])
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    else:
        said = _("%(issued)s issued, %(unchanged)s unchanged, %(kept)s under way or done, %(superseded)s superseded.")
        messages.success(request, said % made.counts)
    return redirect("directives:board")


@require_POST
def plan_anew(request: HttpRequest, pk: int) -> HttpResponse:
    """Start a plan on what is blocked."""
    office = rights.get_visible(request.user, "plans.run", Organisation.objects.all(), prefix="", pk=pk)
    try:
        run, untold = actions.start_replan(office=office, by=request.user)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
        return redirect("directives:board")
    if untold:
        words = "; ".join(str(named(each.words)) for each in untold[:5])
        messages.warning(request, _("These blocks cannot be put into the case: %(which)s.") % {"which": words})
    return redirect("planning:run", run.pk)


@require_http_methods(["GET", "HEAD", "POST"])
def rules(request: HttpRequest, pk: int) -> HttpResponse:
    """After how many hours who is told."""
    office = rights.get_visible(request.user, "directives.issue", Organisation.objects.all(), prefix="", pk=pk)
    there = {(rule.state, rule.act): rule.hours for rule in Rule.objects.filter(organisation=office)}
    form = RulesForm(request.POST or None, rules=there)
    if request.method == "POST" and form.is_valid():
        actions.change_rules(organisation=office, hours=form.hours, by=request.user)
        messages.success(request, _("The rules are kept."))
        return redirect(reverse("directives:rules", args=[pk]))
    return render(
        request, "directives/rules.html", {"form": form, "office": office}, status=422 if form.is_bound else 200
    )
