"""Errors of the interface: one shape for all."""

from __future__ import annotations

from collections.abc import Iterable
from http import HTTPStatus
from typing import Any

from django.core.exceptions import PermissionDenied
from django.core.exceptions import ValidationError as DjangoValidationError
from django.http import Http404, HttpRequest, HttpResponse
from ninja import NinjaAPI, Schema
from ninja.errors import AuthenticationError, HttpError, Throttled, ValidationError
from pydantic import Field

from mainstay.errors import DataError, MainstayError
from mainstay_web.accounts.templatetags.words import message_of, remedy_of
from mainstay_web.middleware import Answer


class Finding(Schema):
    """What is wrong, where, and what to do about it; in Chinese where Accept-Language asks for it."""

    row: int | None = Field(None, description="row as it was sent, from 1")
    column: str = ""
    value: str = ""
    rule: str = ""
    message: str
    remedy: str = ""
    severity: str = "error"


class Problem(Schema):
    """Why a call was refused."""

    status: int
    title: str
    detail: str
    findings: list[Finding] = []


PROBLEMS = {frozenset({400, 401, 403, 404, 405, 409, 415, 422, 429}): Problem}
"""Answers of every operation beside its own."""


def in_one_shape(get_response: Answer) -> Answer:
    """Middleware: what refuses a call before an operation is found (404, 405, 413) is a ``Problem`` too."""

    def answer(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        is_json = response.headers.get("Content-Type", "").startswith("application/json")
        if not request.path.startswith("/api/") or response.status_code < 400 or is_json:
            return response
        status = HTTPStatus(response.status_code)
        detail = {
            404: "There is no such address. The document of the interface is at /api/v1/openapi.json.",
            405: f"{request.method} is not taken here, only: {response.headers.get('Allow', '')}.",
        }.get(status, f"The call was refused: {status.phrase}.")
        problem = Problem(status=status, title=status.phrase, detail=detail)
        response.content = problem.model_dump_json()
        response.headers["Content-Type"] = "application/json; charset=utf-8"
        return response

    return answer


def add_handlers(api: NinjaAPI) -> None:
    """Answer every error of the platform with a ``Problem``."""

    def answer(request: HttpRequest, status: int, detail: str, findings: Iterable[dict[str, Any]] = ()) -> HttpResponse:
        problem = Problem(
            status=status, title=HTTPStatus(status).phrase, detail=detail, findings=[Finding(**f) for f in findings]
        )
        return api.create_response(request, problem.model_dump(), status=status)

    @api.exception_handler(ValidationError)
    def unreadable(request: HttpRequest, error: ValidationError) -> HttpResponse:
        findings = [
            {"column": ".".join(map(str, one["loc"])), "rule": one["type"], "message": one["msg"]}
            for one in error.errors
        ]
        return answer(request, 422, "The call is not as the interface describes it.", findings)

    @api.exception_handler(AuthenticationError)
    def stranger(request: HttpRequest, _error: AuthenticationError) -> HttpResponse:
        said = answer(request, 401, "Give a token in force: Authorization: Bearer mainstay_...")
        said.headers["WWW-Authenticate"] = "Bearer"
        return said

    @api.exception_handler(Throttled)
    def too_fast(request: HttpRequest, error: Throttled) -> HttpResponse:
        said = answer(request, 429, "Too many calls with this token. Wait, then go on.")
        said.headers["Retry-After"] = str(int(error.wait or 1) + 1)
        return said

    @api.exception_handler(PermissionDenied)
    def denied(request: HttpRequest, error: PermissionDenied) -> HttpResponse:
        return answer(request, 403, str(error) or "This is not allowed.")

    @api.exception_handler(Http404)
    def absent(request: HttpRequest, _error: Http404) -> HttpResponse:
        return answer(request, 404, "There is no such thing, or you may not know of it.")

    @api.exception_handler(HttpError)
    def refused(request: HttpRequest, error: HttpError) -> HttpResponse:
        return answer(request, error.status_code, str(error))

    @api.exception_handler(DjangoValidationError)
    def invalid(request: HttpRequest, error: DjangoValidationError) -> HttpResponse:
        return answer(request, 422, " ".join(error.messages))

    @api.exception_handler(MainstayError)
    def mainstay(request: HttpRequest, error: MainstayError) -> HttpResponse:
        found = getattr(error, "findings", ())
        return answer(request, getattr(error, "status", 422), str(error), map(as_finding, found))

    @api.exception_handler(DataError)
    def data(request: HttpRequest, error: DataError) -> HttpResponse:
        return mainstay(request, error)


def as_finding(finding: Any) -> dict[str, Any]:
    """A finding of the core or of a submission, its words in the language that the caller accepts."""
    names = ("row", "column", "value", "rule", "severity")
    return {
        **{name: getattr(finding, name) for name in names},
        "message": message_of(finding),
        "remedy": remedy_of(finding),
    }
