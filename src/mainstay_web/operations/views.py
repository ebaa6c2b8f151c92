"""What machines that watch over the platform ask."""

from __future__ import annotations

import hmac

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from mainstay_web.operations import metrics as figures
from mainstay_web.operations import readiness


@require_safe
@never_cache
def health(request: HttpRequest) -> HttpResponse:
    """The process answers."""
    return JsonResponse({"status": "ok"})


@require_safe
@never_cache
def ready(request: HttpRequest) -> HttpResponse:
    """The platform can do its work; else 503 and each part that cannot."""
    problems = readiness.problems()
    shown = problems if settings.DEMO or _knows_token(request) else dict.fromkeys(problems, "see the log")
    return JsonResponse(
        {"status": "not ready" if problems else "ok", "problems": shown}, status=503 if problems else 200
    )


@require_safe
@never_cache
def metrics(request: HttpRequest) -> HttpResponse:
    """Figures for Prometheus; in production only with the token MAINSTAY_METRICS_TOKEN."""
    if not settings.DEMO and not _knows_token(request):
        raise Http404
    return HttpResponse(figures.exposition(), content_type=figures.CONTENT_TYPE)


def _knows_token(request: HttpRequest) -> bool:
    given = request.headers.get("Authorization", "").removeprefix("Bearer ")
    return bool(settings.METRICS_TOKEN) and hmac.compare_digest(given.encode(), settings.METRICS_TOKEN.encode())
