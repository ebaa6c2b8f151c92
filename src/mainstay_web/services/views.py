"""The page from which the desks are reached, and what their pages share."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.forms import Form
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from mainstay_web.accounts import rights
from mainstay_web.keys import KeyReused
from mainstay_web.machines import allowed
from mainstay_web.services import documents
from mainstay_web.services.desk import ATTACH, Desk, StepForm, document_form, organisation_of

Kinds = list[tuple[str, Any]]
LONGEST_KEY = 100

DESKS = (
    (
        "licensing:applications",
        "licensing.view",
        gettext_lazy("Licences"),
        gettext_lazy("The fast track for makers: documents, checks, a decision by two persons, its end."),
    ),
    (
        "customs:consignments",
        "customs.view",
        gettext_lazy("Customs"),
        gettext_lazy("The express window: what was declared, inspected, held and cleared, and how long it took."),
    ),
    (
        "support:requests",
        "support.view",
        gettext_lazy("Support"),
        gettext_lazy("Measures that makers ask for, what was granted and paid, and what it unlocked."),
    ),
    (
        "support:arrears",
        "support.view",
        gettext_lazy("Arrears"),
        gettext_lazy("What is owed to small firms, by age, until it is paid."),
    ),
)
"""Address, the right to see it, name and what it is for."""


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """The desks that the person may see."""
    seen = [desk for desk in DESKS if rights.may_somewhere(request.user, desk[1])]
    if not seen:
        raise PermissionDenied("licensing.view")
    return render(request, "services/home.html", {"desks": seen})


def require_view(request: HttpRequest, action: str) -> None:
    """Refuse who may see nothing of the desk anywhere."""
    rights.require_somewhere(request.user, action)


def steps_of(request: HttpRequest, desk: Desk, subject: Any, failed: Form | None = None) -> list[StepForm]:
    """Forms of the steps that the person may take now; one that failed is shown with what to mend."""
    possible = [step for step in allowed(desk.machine, subject, request.user) if step.name != ATTACH]
    return [
        failed if isinstance(failed, StepForm) and failed.step is step else desk.form(step, subject)
        for step in possible
    ]


def attach_form(
    request: HttpRequest, desk: Desk, subject: Any, kinds: Kinds, failed: Form | None = None
) -> Form | None:
    """The form for a document, where the person may send one now; one that failed is shown with what to mend."""
    if not any(step.name == ATTACH for step in allowed(desk.machine, subject, request.user)):
        return None
    return failed if failed and "file" in failed.fields else document_form(kinds)


def history(desk: Desk, subject: Any) -> list[dict[str, Any]]:
    """The steps that were taken, the newest first, with what was said."""
    return [
        {
            "change": change,
            "label": desk.machine.steps[change.step].label,
            "state": dict(desk.machine.states.choices)[change.new],
            "told": list(desk.told(subject, change)),
        }
        for change in reversed(subject.changes.select_related("by"))
    ]


@dataclass(frozen=True)
class MatterPage:
    """The page of one matter of a desk.

    address : of the page, by the matter's number; about : what the template shows, given a form that failed or none
    """

    desk: Desk
    address: str
    template: str
    about: Callable[[HttpRequest, Any, Form | None], dict[str, Any]]

    def show(self, request: HttpRequest, subject: Any, failed: Form | None = None) -> HttpResponse:
        """The page; with what to mend where a form failed."""
        return render(
            request, self.template, self.about(request, subject, failed), status=200 if failed is None else 422
        )

    def step(self, request: HttpRequest, subject: Any, name: str) -> HttpResponse:
        """Take the step that the form asks for."""
        failed = _try_step(request, self.desk, subject, name)
        return redirect(self.address, subject.pk) if failed is None else self.show(request, subject, failed)

    def attach(self, request: HttpRequest, subject: Any, kinds: Kinds) -> HttpResponse:
        """Take in a document."""
        rights.require(request.user, self.desk.machine.steps[ATTACH].action, subject.organisation)
        form = document_form(kinds, request.POST, request.FILES)

        def act() -> None:
            said = form.cleaned_data
            self.desk.attach(subject, said["kind"], said["file"], by=request.user, key=key_of(request))

        return (
            redirect(self.address, subject.pk)
            if attempt_form(request, form, act)
            else self.show(request, subject, form)
        )


def begin(
    request: HttpRequest,
    action: str,
    shape: Callable[..., Form],
    act: Callable[..., Any],
    *,
    page: str,
    title: str,
    button: str = "",
    back: str,
    back_words: str,
) -> HttpResponse:
    """Show the form of a new matter, and begin the matter with what is said in it.

    action : right to begin one in the organisation that the form names; page, back : addresses of the matter and of all
    """
    rights.require_somewhere(request.user, action)
    form = shape(request.user, request.POST or None)
    made = []

    def do() -> None:
        said = form.cleaned_data
        organisation = organisation_of(request.user, action, said.pop("organisation"))
        made.append(act(organisation=organisation, by=request.user, key=key_of(request), **said))

    if request.method == "POST" and attempt_form(request, form, do):
        return redirect(page, made[0].pk)
    context = {
        "form": form,
        "title": title,
        "button": button or title,
        "back": reverse(back),
        "back_words": back_words,
    }
    return render(request, "services/new.html", context, status=422 if form.errors else 200)


def _try_step(request: HttpRequest, desk: Desk, subject: Any, name: str) -> StepForm | None:
    """Take the step as the form says; the form with what to mend when it is refused, else None."""
    try:
        form = desk.form_of(subject, name, request.POST, request.user)
    except ValidationError as unknown:
        raise Http404(name) from unknown
    return form if not attempt_form(request, form, lambda: _take(request, desk, subject, form)) else None


def _take(request: HttpRequest, desk: Desk, subject: Any, form: StepForm) -> None:
    desk.take(subject, form.step.name, by=request.user, key=key_of(request), **form.said)
    messages.success(request, _("Done: %(step)s.") % {"step": form.step.label})


def key_of(request: HttpRequest) -> str:
    """The key that the form carries, so that a form sent twice counts once."""
    return request.POST.get("key", "")[:LONGEST_KEY]


def attempt_form(request: HttpRequest, form: Form, act: Callable[[], Any]) -> bool:
    """Do what the form says, if it says enough; False when it has errors to show."""
    if form.is_valid():
        try:
            act()
        except ValidationError as error:
            for name, texts in _by_field(error).items():
                for text in texts:
                    form.add_error(name if name in form.fields else None, text)
        except KeyReused as refusal:
            form.add_error(None, str(refusal))
    if not form.fields:
        for text in form.non_field_errors():
            messages.error(request, text)
    return not form.errors


def _by_field(error: ValidationError) -> dict[str, Sequence[str]]:
    return error.message_dict if hasattr(error, "error_dict") else {"": error.messages}


def document(subject: Any, pk: int) -> FileResponse:
    """One document of a matter, as a file."""
    found = subject.documents.filter(pk=pk).first()
    if found is None or not documents.path_of(found.sha256).is_file():
        raise Http404
    return documents.as_file(found.name, found.sha256)
