"""Figures of the platform: answers by page and code, time they took, runs and reports."""

from __future__ import annotations

import os
from time import perf_counter

from django.http import HttpRequest, HttpResponse
from prometheus_client import CONTENT_TYPE_LATEST, REGISTRY, CollectorRegistry, Counter, Histogram, generate_latest
from prometheus_client.multiprocess import MultiProcessCollector

from mainstay_web.middleware import Answer

CONTENT_TYPE = CONTENT_TYPE_LATEST
BUCKETS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10)

ANSWERS = Counter("mainstay_answers_total", "Answers, by page, method and code", ("page", "method", "code"))
SECONDS = Histogram("mainstay_answer_seconds", "Time of an answer, by page", ("page",), buckets=BUCKETS)


def exposition() -> bytes:
    """All figures as Prometheus reads them; over all server processes where ``serve`` started several."""
    if "PROMETHEUS_MULTIPROC_DIR" in os.environ:
        registry = CollectorRegistry()
        MultiProcessCollector(registry)
        return generate_latest(registry)
    return generate_latest(REGISTRY)


def count_answers(get_response: Answer) -> Answer:
    """Middleware: count each answer under the name of its page, never its address (which names things)."""

    def answer(request: HttpRequest) -> HttpResponse:
        begin = perf_counter()
        response = get_response(request)
        match = request.resolver_match
        page = match.view_name if match else "static" if request.path.startswith("/static/") else "none"
        ANSWERS.labels(page, request.method, response.status_code).inc()
        SECONDS.labels(page).observe(perf_counter() - begin)
        return response

    return answer
