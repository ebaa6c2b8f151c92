"""The first page and the health of the platform."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render


def situation(request: HttpRequest) -> HttpResponse:
    """What runs short when, and what to do today."""
    return render(request, "dashboards/situation.html")
