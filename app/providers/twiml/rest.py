"""Requests to the REST API that Twilio began and others took over (twilio.com/docs/usage/api): what is repeated, how long
anybody waits, and what a refusal means."""

import asyncio
import base64
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Final, TypedDict

import httpx
import structlog

from app.telephone.budget import Budget
from app.telephone.fault import Fault, TelephoneFault
from app.telephone.means import Means

ATTEMPTS: Final = 3
WHOLE_SECONDS: Final = 8.0
"""For one request with its repetitions: a person waits for the answer."""
TIMEOUTS: Final = httpx.Timeout(4.0, connect=2.0, pool=2.0)
_PAUSES: Final = (0.1, 0.4)
_LONGEST_PAUSE: Final = 1.5
"""Seconds of a ``Retry-After`` that are waited out; who says more is believed, and told to the caller of ours."""
_ON_THE_ACCOUNT: Final = (401, 403)
_PIECE: Final = 64 * 1024

log = structlog.get_logger(__name__)
Form = Mapping[str, str | Sequence[str]]
Told = Mapping[str, object]
"""A JSON object of the provider's: whoever reads a member looks at what it is."""


class _Given(TypedDict, total=False):
    """What a request carries, in one of three ways."""

    params: Mapping[str, str]
    data: Form
    json: Mapping[str, str]


@dataclass(slots=True)
class RestApi:
    """One account's API: its resources stand below ``root``, and their names end in ``suffix``. ``auth`` is the
    credential: name and secret (HTTP Basic), or the secret alone (Bearer, RFC 6750)."""

    means: Means
    tenant_id: str
    provider: str
    root: str
    suffix: str
    auth: tuple[str, str] | str
    budget: Budget = field(default_factory=Budget)

    async def get(self, url: str, query: Mapping[str, str] | None = None) -> Told:
        """What is at ``url``, below ``root`` or absolute at the same host. Raises :class:`TelephoneFault`."""
        return await self._json("GET", url, {"params": query} if query else {}, attempts=ATTEMPTS)

    async def change(self, resource: str, form: Form) -> None:
        """Change a resource; repeated when no answer came, since the change is then made once more, to the same effect.
        Raises :class:`TelephoneFault`."""
        await self._json("POST", self._url(resource), {"data": form}, attempts=ATTEMPTS)

    async def end(self, resource: str, form: Form) -> None:
        """As :meth:`change`, for what ends the resource: after an answer that was lost, it may be gone already."""
        await self._json("POST", self._url(resource), {"data": form}, attempts=ATTEMPTS, ends=True)

    async def create(self, resource: str, form: Form) -> Told:
        """Make something new, and never twice. Raises :class:`TelephoneFault`, after which it may have been made."""
        return await self._json("POST", self._url(resource), {"data": form}, attempts=1)

    async def create_at(self, url: str, body: Mapping[str, str]) -> Told:
        """As :meth:`create`, of a JSON object and at a URL of its own at the same host."""
        return await self._json("POST", url, {"json": body}, attempts=1)

    @asynccontextmanager
    async def stream(self, url: str) -> AsyncIterator[AsyncIterator[bytes]]:
        """The body at ``url`` piece by piece. Raises :class:`TelephoneFault`, also while it is read."""
        await self.budget.take()
        try:
            async with self.means.http.stream("GET", url, headers=self._headers, timeout=TIMEOUTS) as answer:
                if answer.status_code != httpx.codes.OK:
                    await answer.aread()
                    raise self._fault_of(answer)
                self._has_answered()
                yield answer.aiter_bytes(_PIECE)
        except httpx.HTTPError as error:
            raise self._silence(error) from error

    def resource(self, *names: str) -> str:
        """The URL of a resource."""
        return self._url("/".join(names))

    def below_the_host(self, path: str) -> str:
        """The URL of a path as the API names it for the page that follows: always at its own host."""
        return str(httpx.URL(self.root).join("/" + path.lstrip("/")))

    def _url(self, resource: str) -> str:
        return f"{self.root}/{resource}{self.suffix}"

    @property
    def _headers(self) -> dict[str, str]:
        if isinstance(self.auth, str):
            return {"Authorization": f"Bearer {self.auth}"}
        return {"Authorization": "Basic " + base64.b64encode(":".join(self.auth).encode()).decode()}

    async def _json(self, method: str, url: str, given: _Given, *, attempts: int, ends: bool = False) -> Told:
        try:
            async with asyncio.timeout(WHOLE_SECONDS):
                return await self._ask(method, url, given, attempts, ends)
        except TimeoutError as error:
            raise self._silence(error) from error

    async def _ask(self, method: str, url: str, given: _Given, attempts: int, ends: bool) -> Told:
        was_lost = False
        for attempt in range(1, attempts + 1):
            await self.budget.take()
            try:
                answer = await self.means.http.request(method, url, headers=self._headers, timeout=TIMEOUTS, **given)
            except httpx.HTTPError as error:
                fault = self._silence(error)
            else:
                if answer.is_success:
                    self._has_answered()
                    return self._read(answer)
                fault = self._fault_of(answer)
            if ends and was_lost and fault.fault is Fault.GONE:
                return {}
            was_lost = was_lost or fault.fault is Fault.UNREACHABLE
            pause = self._pause_after(fault, attempt)
            if attempt == attempts or pause is None:
                raise fault
            await asyncio.sleep(pause)
        raise AssertionError("unreachable")

    @staticmethod
    def _pause_after(fault: TelephoneFault, attempt: int) -> float | None:
        """How long to wait before it is tried again; None where that is of no use."""
        if fault.fault is Fault.UNREACHABLE:
            return _PAUSES[min(attempt, len(_PAUSES)) - 1]
        if fault.fault is Fault.TOO_MANY and (fault.retry_after or 0) <= _LONGEST_PAUSE:
            return fault.retry_after or _PAUSES[-1]
        return None

    def _read(self, answer: httpx.Response) -> Told:
        try:
            told = answer.json() if answer.content else {}
        except ValueError as error:
            raise self._silence(error) from error
        if not isinstance(told, dict):
            raise self._silence(ValueError("no object"))
        # Telnyx wraps some of its answers (developers.telnyx.com/api-reference).
        wrapped = told.get("data")
        return wrapped if isinstance(wrapped, dict) else told

    def _has_answered(self) -> None:
        self.means.reach.answered(self.tenant_id, self.provider)

    def _silence(self, error: Exception) -> TelephoneFault:
        """No answer, or one that nobody can read."""
        self.means.reach.failed(self.tenant_id, self.provider, Fault.UNREACHABLE)
        log.warning("telephone.unreachable", provider=self.provider, error=type(error).__name__)
        return TelephoneFault(Fault.UNREACHABLE, detail=type(error).__name__)

    def _fault_of(self, answer: httpx.Response) -> TelephoneFault:
        """What a refusal means (twilio.com/docs/api/errors)."""
        status, code, detail = answer.status_code, *_told_in(answer)
        retry_after = _seconds(answer.headers.get("Retry-After", ""))
        if status == httpx.codes.NOT_FOUND or code in _GONE:
            fault = Fault.GONE
        elif status == httpx.codes.TOO_MANY_REQUESTS:
            fault = Fault.TOO_MANY
        elif status >= httpx.codes.INTERNAL_SERVER_ERROR or status == httpx.codes.REQUEST_TIMEOUT:
            fault = Fault.UNREACHABLE
        elif httpx.codes.is_redirect(status):  # nobody follows one: it could lead anywhere, with the credential
            fault = Fault.NOT_POSSIBLE_THERE
        else:
            fault = Fault.REFUSED
        if fault is Fault.UNREACHABLE or status in _ON_THE_ACCOUNT:
            self.means.reach.failed(self.tenant_id, self.provider, fault)
        else:
            self._has_answered()
        log.warning("telephone.refused", provider=self.provider, status=status, code=code, fault=fault.value)
        return TelephoneFault(fault, retry_after=retry_after, detail=detail)


_GONE: Final = frozenset({21220, 20404, 21501})
"""A call that is not in progress (21220), no such resource (20404), a recording that is still being made (21501)."""


def _told_in(answer: httpx.Response) -> tuple[int, str]:
    """The provider's number of the error, and its sentence."""
    try:
        told = answer.json()
    except ValueError:
        return 0, ""
    if not isinstance(told, dict):
        return 0, ""
    errors = told.get("errors")
    first = errors[0] if isinstance(errors, list) and errors and isinstance(errors[0], dict) else told
    code = told.get("code", first.get("code"))
    number = str(code)
    return int(number) if number.isascii() and number.isdecimal() else 0, str(
        first.get("message") or first.get("detail") or ""
    )[:500]


def _seconds(text: str) -> float | None:
    return float(text) if text.isascii() and text.isdigit() else None
