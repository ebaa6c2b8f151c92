"""Outlets of an organisation: where it is told, and what was sent."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from mainstay.report.texts import Text
from mainstay_web.accounts import rights
from mainstay_web.accounts.models import Organisation, Person
from mainstay_web.directives import actions
from mainstay_web.directives.actions.outlets import subject_of
from mainstay_web.directives.forms import OutletForm
from mainstay_web.directives.models import Notice, Outlet
from mainstay_web.listing import Column, Listing

RIGHTS = ("directives.own", "directives.issue")


def _get(person: Person, code: str) -> Organisation:
    """The organisation, if the person sets its outlets."""
    if not any(rights.may_somewhere(person, action) for action in RIGHTS):
        raise PermissionDenied("directives.own")
    found = Organisation.objects.filter(code=code).first()
    if found is None or not any(rights.may(person, action, found) for action in RIGHTS):
        raise Http404
    return found


def _subject(notice: Notice) -> str:
    """In the language of who reads the page; it was sent in that of the outlet."""
    about = notice.payload["directives"]
    return subject_of(notice.event, [Text(each["text"], each["text_zh"]) for each in about])


@require_http_methods(["GET", "HEAD", "POST"])
def outlets(request: HttpRequest, code: str) -> HttpResponse:
    """Outlets of an organisation, and the newest notices."""
    organisation = _get(request.user, code)
    form = OutletForm(request.POST or None, initial={"language": request.user.language})
    if request.method == "POST" and form.is_valid():
        try:
            outlet = actions.add_outlet(organisation=organisation, by=request.user, **form.cleaned_data)
        except ValidationError as error:
            form.add_error(None, error.messages)
        else:
            messages.success(request, _("%(address)s is told from now on.") % {"address": outlet.address})
            if outlet.channel == Outlet.Channel.WEBHOOK:
                messages.info(request, _("Its secret, shown once: %(secret)s") % {"secret": outlet.secret})
            return redirect("directives:outlets", code)
    listing = Listing(
        request,
        Notice.objects.filter(outlet__organisation=organisation).select_related("outlet"),
        (
            Column("at", gettext_lazy("Time")),
            Column("subject", gettext_lazy("Subject"), value=_subject),
            Column("address", gettext_lazy("E-mail or web address"), path="outlet__address"),
            Column("state", gettext_lazy("State"), value=lambda row: row.get_state_display()),
            Column("attempts", gettext_lazy("Tries"), kind="number"),
            Column("error", gettext_lazy("Last failure")),
        ),
        order="-at",
        caption=gettext_lazy("Notices"),
        export_name=f"notices-{code}",
        empty=gettext_lazy("Nothing was sent yet."),
        size=20,
    )
    context = {
        "organisation": organisation,
        "outlets": organisation.outlets.filter(is_active=True),
        "form": form,
        "is_office": rights.may_somewhere(request.user, "directives.view"),
    }
    response = listing.answer("directives/outlets.html", context)
    response.status_code = 422 if form.is_bound else 200
    return response


@require_POST
def end(request: HttpRequest, pk: int) -> HttpResponse:
    """End an outlet."""
    outlet = get_object_or_404(Outlet, pk=pk)
    _get(request.user, outlet.organisation.code)
    actions.end_outlet(outlet=outlet, by=request.user)
    return redirect("directives:outlets", outlet.organisation.code)
