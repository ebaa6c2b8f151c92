"""Logs: one JSON object a line for machines, or plain lines for a person at a terminal."""

from __future__ import annotations

import uuid
from time import perf_counter
from typing import Any

import structlog
from django.http import HttpRequest, HttpResponse

from mainstay_web.middleware import Answer

SHARED = (
    structlog.contextvars.merge_contextvars,
    structlog.stdlib.add_log_level,
    structlog.stdlib.add_logger_name,
    structlog.processors.TimeStamper(fmt="iso", utc=True),
    structlog.processors.format_exc_info,
)
QUIET = ("/healthz", "/readyz", "/metrics", "/static/")


def configuration(*, as_json: bool, level: str) -> dict[str, Any]:
    """Settings of Python's logging; every logger writes to standard error."""
    render = structlog.processors.JSONRenderer(ensure_ascii=False) if as_json else structlog.dev.ConsoleRenderer()
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {
            "lines": {
                "()": structlog.stdlib.ProcessorFormatter,
                "processors": [structlog.stdlib.ProcessorFormatter.remove_processors_meta, render],
                "foreign_pre_chain": SHARED,
            }
        },
        "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "lines"}},
        "root": {"handlers": ["console"], "level": level},
        "loggers": {"django.server": {"handlers": ["console"], "propagate": False}},
    }


structlog.configure(
    processors=[*SHARED, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
    logger_factory=structlog.stdlib.LoggerFactory(),
    cache_logger_on_first_use=True,
)


def log_answers(get_response: Answer) -> Answer:
    """Middleware: one line an answer, with an id that the answer carries too."""
    log = structlog.get_logger("mainstay.answers")

    def answer(request: HttpRequest) -> HttpResponse:
        begin = perf_counter()
        number = uuid.uuid4().hex[:16]
        with structlog.contextvars.bound_contextvars(request=number):
            response = get_response(request)
            response["X-Request-ID"] = number
            if not request.path.startswith(QUIET):
                person = getattr(request, "user", None)
                log.info(
                    "answered",
                    method=request.method,
                    path=request.path,
                    code=response.status_code,
                    person=person.pk if person is not None else None,
                    milliseconds=round(1000 * (perf_counter() - begin), 1),
                )
        return response

    return answer
