"""One object that calls the platform, again where that is safe."""

from __future__ import annotations

import random
import time
import uuid
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from functools import partial
from pathlib import Path
from types import TracebackType
from typing import Any, Literal, TypeVar

import httpx

from mainstay.errors import UsageError
from mainstay_client.answers import Directive, Finding, Issue, Job, Matter, OwnPart, Plan, Report, Submission, build
from mainstay_client.errors import CallRefusedError, UnreachableError
from mainstay_client.ledger import Ledger
from mainstay_client.lots import Lots
from mainstay_client.readiness import Preparation, Readiness
from mainstay_client.replays import Replay, Replays

T = TypeVar("T")
Work = TypeVar("Work", Plan, Job, Preparation, Replay)
Service = Literal["licences", "customs", "support", "arrears"]
ATTEMPTS = 5
FIRST_PAUSE = 0.5
LONGEST_PAUSE = 60.0
PAGE = 1000


class Client:
    """Calls the platform at an address with a token.

    A call that changes nothing, or that carries a key, is tried again after a failure of the network, a server in
    trouble (5xx) or too many calls (429), with pauses that double; the same key makes sure that it counts once.

    Parameters
    ----------
    url : of the platform, as in ``https://supply.example.org``
    token : as the platform showed it once
    timeout : seconds until an answer
    transport, sleep : seams for tests

    >>> Client("supply.example.org", "mainstay_secret")
    Traceback (most recent call last):
    ...
    mainstay.errors.UsageError: "supply.example.org" is not an address. Give it whole: https://supply.example.org.
    """

    def __init__(
        self,
        url: str,
        token: str,
        *,
        timeout: float = 60.0,
        transport: httpx.BaseTransport | None = None,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        if not url.startswith(("http://", "https://")):
            raise UsageError(f'"{url}" is not an address. Give it whole: https://{url}.')
        if not token.strip().isascii() or not token.strip():
            raise UsageError("The token is empty or not a token. Make one on the page Tokens of the platform.")
        self._sleep = sleep
        self._http = httpx.Client(
            base_url=f"{url.rstrip('/')}/api/v1",
            headers={"Authorization": f"Bearer {token.strip()}"},
            timeout=timeout,
            transport=transport,
        )

    def __enter__(self) -> Client:
        return self

    def __exit__(self, *_error: type[BaseException] | BaseException | TracebackType | None) -> None:
        self.close()

    def close(self) -> None:
        """Close the connections."""
        self._http.close()

    @property
    def ledger(self) -> Ledger:
        """Calls of the stock ledger."""
        return Ledger(self)

    @property
    def lots(self) -> Lots:
        """Calls that confirm directives by lot."""
        return Lots(self)

    @property
    def readiness(self) -> Readiness:
        """Calls of what should stand ready."""
        return Readiness(self)

    @property
    def replays(self) -> Replays:
        """Calls of replays and exercises."""
        return Replays(self)

    def submit_reports(
        self, rows: Sequence[Mapping[str, Any]], *, key: str, organisation: str | None = None
    ) -> Submission:
        """Send at most 5000 rows of the table ``reports`` under a key of one's own; safe to call again.

        Raises
        ------
        CallRefusedError : 409, the key was used for other rows; 422, no row was accepted; 403, 404, not allowed
        UnreachableError : no answer; call again with the same key
        """
        body: dict[str, Any] = {"rows": [_plain(row) for row in rows]}
        if organisation is not None:
            body["organisation"] = organisation
        answer = self.call("POST", "/reports", json=body, headers={"Idempotency-Key": key})
        return build(Submission, answer.json() | {"is_new": answer.status_code == httpx.codes.CREATED})

    def reports(
        self,
        *,
        organisation: str | None = None,
        item: str | None = None,
        measure: str | None = None,
        since: date | None = None,
        until: date | None = None,
    ) -> Iterator[Report]:
        """Current reports that the person may see, the newest day first."""
        said = {"organisation": organisation, "item": item, "measure": measure, "since": since, "until": until}
        return self.pages(partial(build, Report), "/reports", {k: str(v) for k, v in said.items() if v is not None})

    def plans(self, *, state: str | None = None) -> Iterator[Plan]:
        """Plan runs, the newest first."""
        return self.pages(partial(build, Plan), "/plans", {"state": state} if state else {})

    def plan(self, run: int) -> Plan:
        """One plan run as it stands now."""
        return build(Plan, self.call("GET", f"/plans/{run}").json())

    def start_plan(self, *, organisation: str, title: str, key: str | None = None, **options: Any) -> Plan:
        """Plan on the register and reports as they stand now; ``options`` as in docs/api.md.

        Under one key a run is started once; without one, each call of this method starts a run.

        Raises
        ------
        CallRefusedError : 409, the key was used to ask for another run; 403, 404, 422, not allowed or not understood
        UnreachableError : no answer; call again with the same key
        """
        body = {"organisation": organisation, "title": title, **options}
        headers = {"Idempotency-Key": key or _new_key()}
        return build(Plan, self.call("POST", "/plans", json=_plain(body), headers=headers).json())

    def cancel_plan(self, run: int) -> bool:
        """Stop a run; False when it had ended."""
        return bool(self.call("POST", f"/plans/{run}/cancel").json()["is_stopping"])

    def import_case(self, file: Path, *, organisation: str, key: str | None = None) -> Job:
        """Have a whole case, a workbook or a zip, imported in the background; ``wait_for_job`` gives what came of it.

        Raises
        ------
        CallRefusedError : 422, the file is not taken; 409, the key was used for another file; 403, 404, not allowed
        UnreachableError : no answer; call again with the same key
        """
        answer = self.call(
            "POST",
            "/case",
            data={"organisation": organisation},
            files={"file": (file.name, file.read_bytes())},
            headers={"Idempotency-Key": key or _new_key()},
        )
        return build(Job, answer.json())

    def find_duplicates(self, *, organisation: str) -> Job:
        """Have all enterprises compared in the background; the search that is at work already, if one is."""
        return build(Job, self.call("POST", "/duplicates", json={"organisation": organisation}).json())

    def job(self, job: int) -> Job:
        """A job as it stands now."""
        return build(Job, self.call("GET", f"/jobs/{job}").json())

    def cancel_job(self, job: int) -> bool:
        """Stop a job; False when it had ended."""
        return bool(self.call("POST", f"/jobs/{job}/cancel").json()["is_stopping"])

    def wait(self, run: int, *, timeout: float = 3600.0, every: float = 2.0) -> Plan:
        """The run when it has ended.

        Raises
        ------
        UnreachableError : it had not ended after ``timeout`` seconds
        """
        return self.ended(lambda: self.plan(run), f"Plan run {run}", timeout, every)

    def wait_for_job(self, job: int, *, timeout: float = 3600.0, every: float = 2.0) -> Job:
        """The job when it has ended.

        Raises
        ------
        UnreachableError : it had not ended after ``timeout`` seconds
        """
        return self.ended(lambda: self.job(job), f"Job {job}", timeout, every)

    def ended(self, look: Callable[[], Work], name: str, timeout: float, every: float) -> Work:
        """The work when it has ended, looked at again and again.

        Raises
        ------
        UnreachableError : it had not ended after ``timeout`` seconds
        """
        until = time.monotonic() + timeout
        while not (work := look()).has_ended:
            if time.monotonic() >= until:
                raise UnreachableError(f"{name} had not ended after {timeout:g} seconds; it goes on ({work.stage}).")
            self._sleep(every)
        return work

    def own_part(self, organisation: str | None = None) -> OwnPart:
        """What the approved plan says for an organisation of one's own."""
        return build(OwnPart, self.call("GET", "/own", params=_known(organisation=organisation)).json())

    def today(self, organisation: str | None = None) -> list[Directive]:
        """What an organisation of one's own is to do, the most pressing first."""
        said = self.call("GET", "/today", params=_known(organisation=organisation)).json()
        return [build(Directive, one) for one in said["directives"]]

    def directives(self, *, state: str | None = None, organisation: str | None = None) -> Iterator[Directive]:
        """Directives that the person may see, the most pressing first."""
        return self.pages(partial(build, Directive), "/directives", _known(state=state, organisation=organisation))

    def directive(self, directive: int) -> Directive:
        """One directive with its history and the steps possible now."""
        return build(Directive, self.call("GET", f"/directives/{directive}").json())

    def step(self, directive: int, step: str, *, key: str | None = None, **said: Any) -> Directive:
        """Take a step of a directive: ``accept``, ``report`` with ``done=``, ``block`` with ``blocker=`` and others.

        Under one key a step counts once; without one, each call of this method is a step.

        Raises
        ------
        CallRefusedError : 422, not possible now or something is missing; 403, 404, not allowed
        UnreachableError : no answer; call again with the same key
        """
        answer = self.call("POST", f"/directives/{directive}/steps/{step}", json=_plain(said), headers=_once(key))
        return build(Directive, answer.json())

    def issue_directives(self, run: int, *, days: int = 3) -> Issue:
        """Turn the plan in force into directives of its next days; safe to call again."""
        return build(Issue, self.call("POST", f"/plans/{run}/directives", json={"days": days}).json())

    def matters(self, service: Service, *, state: str | None = None) -> Iterator[Matter]:
        """Applications for licences, consignments in customs, requests for support or arrears, the newest first."""
        return self.pages(partial(build, Matter), f"/services/{service}", {"state": state} if state else {})

    def matter(self, service: Service, number: int) -> Matter:
        """One matter as it stands now."""
        return build(Matter, self.call("GET", f"/services/{service}/{number}").json())

    def open_matter(self, service: Service, *, key: str | None = None, **said: Any) -> Matter:
        """Begin an application, announce a consignment, ask for support, record an arrear; ``said`` as in docs/api.md.

        Under one key it counts once, as steps and documents do; without one, each call of these methods counts.

        Raises
        ------
        CallRefusedError : 422, what is wrong with it; 403, 404, not allowed
        UnreachableError : no answer
        """
        answer = self.call("POST", f"/{service}", json=_plain(said), headers=_once(key))
        return build(Matter, answer.json())

    def take_step(
        self, service: Service, number: int, step: str, *, note: str = "", key: str | None = None, **given: Any
    ) -> Matter:
        """Take a step of a matter: one of its ``possible``; ``given`` is what the step asks.

        Raises
        ------
        CallRefusedError : 422, not from this state, something is missing or stands against it; 403, 404, not allowed
        UnreachableError : no answer
        """
        body = {"note": note, "given": _plain(given)}
        path = f"/services/{service}/{number}/steps/{step}"
        answer = self.call("POST", path, json=body, headers=_once(key))
        return build(Matter, answer.json())

    def send_document(self, service: Service, number: int, kind: str, file: Path, *, key: str | None = None) -> Matter:
        """Send a document of a matter.

        Raises
        ------
        CallRefusedError : 422, the file or its kind is not taken; 403, 404, not allowed
        UnreachableError : no answer
        """
        files = {"file": (file.name, file.read_bytes())}
        path = f"/services/{service}/{number}/documents"
        answer = self.call("POST", path, data={"kind": kind}, files=files, headers=_once(key))
        return build(Matter, answer.json())

    def pages(self, make: Callable[[dict[str, Any]], T], path: str, params: Mapping[str, str]) -> Iterator[T]:
        """All rows of a list, read page by page, each as ``make`` makes it."""
        offset = 0
        while True:
            page = self.call("GET", path, params={**params, "limit": str(PAGE), "offset": str(offset)}).json()
            yield from map(make, page["rows"])
            offset += PAGE
            if offset >= page["total"]:
                return

    def call(self, method: str, path: str, **said: Any) -> httpx.Response:
        """The answer of one call, made again after trouble: each changes nothing, or counts once under its key."""
        trouble, pause = "", 0.0
        for attempt in range(ATTEMPTS):
            if attempt:
                self._sleep(pause)
            pause = min(FIRST_PAUSE * 2**attempt * random.uniform(0.5, 1.5), LONGEST_PAUSE)
            try:
                answer = self._http.request(method, path, **said)
            except httpx.TransportError as error:
                trouble = str(error) or type(error).__name__
                continue
            if answer.status_code != httpx.codes.TOO_MANY_REQUESTS and not answer.is_server_error:
                return _judged(answer)
            trouble = f"the platform answered {answer.status_code}"
            pause = _asked_pause(answer) or pause
        raise UnreachableError(f"{self._http.base_url.host} could not do it: {trouble}. Try again later.")


def _once(key: str | None) -> dict[str, str]:
    """The header with the key of a call; without one, a key that no other call has."""
    return {"Idempotency-Key": key or _new_key()}


def _new_key() -> str:
    """A key that no other call has."""
    return f"call-{uuid.uuid4().hex}"


def _judged(answer: httpx.Response) -> httpx.Response:
    """The answer, if the platform did what was asked."""
    if answer.is_success:
        return answer
    try:
        said = answer.json()
        findings = [build(Finding, one) for one in said["findings"]]
        detail = str(said["detail"])
    except (ValueError, KeyError, TypeError):
        raise CallRefusedError(
            answer.status_code, "no reason was given. Is this the address of the platform?"
        ) from None
    raise CallRefusedError(answer.status_code, detail, findings)


def _asked_pause(answer: httpx.Response) -> float | None:
    """Seconds that the platform asks to wait."""
    said = answer.headers.get("Retry-After", "")
    return min(float(said), LONGEST_PAUSE) if said.isdigit() else None


def _known(**said: str | None) -> dict[str, str]:
    return {name: value for name, value in said.items() if value is not None}


def _plain(row: Mapping[str, Any]) -> dict[str, Any]:
    """Values as JSON takes them: days as ISO text."""
    return {name: value.isoformat() if isinstance(value, date) else value for name, value in row.items()}
