"""A person's own pages: profile, language, sessions, tokens."""

from __future__ import annotations

from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST
from django.views.i18n import set_language

from mainstay_web.accounts import actions
from mainstay_web.accounts.answers import attempt, show_once
from mainstay_web.accounts.forms import ProfileForm, TokenForm
from mainstay_web.accounts.models import Person, Token


@require_POST
def language(request: HttpRequest) -> HttpResponse:
    """Choose the language of pages: kept in this browser, and for the person who is signed in."""
    chosen = request.POST.get("language", "")
    if request.user.is_authenticated and chosen in dict(settings.LANGUAGES):
        actions.change_profile(person=request.user, by=request.user, language=chosen)
    return set_language(request)


@login_required
@require_http_methods(["GET", "POST"])
def profile(request: HttpRequest) -> HttpResponse:
    form = ProfileForm(request.POST or None, instance=Person.objects.get(pk=request.user.pk))
    if request.method == "POST" and form.is_valid():
        actions.change_profile(person=request.user, by=request.user, **form.cleaned_data)
        with translation.override(form.cleaned_data["language"]):
            messages.success(request, _("Your profile was changed."))
        return redirect("profile")
    memberships = request.user.memberships.select_related("role", "organisation").order_by("organisation__path")
    return render(request, "accounts/profile.html", {"form": form, "memberships": memberships})


@login_required
@require_POST
def end_session(request: HttpRequest, pk: int) -> HttpResponse:
    session = get_object_or_404(UserSession, user=request.user, pk=pk)
    attempt(request, _("The session was ended."), actions.end_session, session=session, by=request.user)
    return redirect("usersessions_list")


@login_required
@require_http_methods(["GET", "POST"])
def tokens(request: HttpRequest) -> HttpResponse:
    form = TokenForm(request.POST or None, person=request.user)
    if request.method == "POST" and form.is_valid():
        _token, text = actions.make_token(by=request.user, **form.cleaned_data)
        return show_once(request, request.user, token=text)
    return render(request, "accounts/tokens.html", {"form": form, "tokens": request.user.tokens.all()})


@login_required
@require_POST
def end_token(request: HttpRequest, pk: int) -> HttpResponse:
    token = get_object_or_404(Token, person=request.user, pk=pk)
    attempt(request, _("The token was ended."), actions.end_token, token=token, by=request.user)
    return redirect("tokens")
