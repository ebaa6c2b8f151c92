"""All addresses of the platform, and a bare page of the same framework: a session, a person, one small template."""

from django.http import HttpRequest, HttpResponse
from django.template import engines
from django.urls import include, path

from mainstay_web.audit.chain import record

PAGE = "<!doctype html><title>Bare</title><p>{{ request.user.username }}</p>"


def bare(request: HttpRequest) -> HttpResponse:
    """A page that reads the session and the person, and nothing else."""
    return HttpResponse(engines["django"].from_string(PAGE).render({}, request))


def bare_write(request: HttpRequest) -> HttpResponse:
    """A page that writes one audited row, and nothing else."""
    record(by=request.user, action="bare", subject="bare")
    return HttpResponse("written")


urlpatterns = [
    path("bare/", bare),
    path("bare-write/", bare_write),
    path("", include("mainstay_web.urls")),
]
