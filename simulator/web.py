"""The telephone company's side of HTTP: signed requests, retries, duplicates, redirects, content types."""

from __future__ import annotations

import asyncio
import time
import uuid
from collections import deque
from collections.abc import Mapping
from typing import NamedTuple, Protocol
from urllib.parse import urlencode, urljoin, urlsplit, urlunsplit

import httpx

from simulator.clock import Clock
from simulator.delivery import Delivery
from simulator.documents import Document, Reading, read_document
from simulator.errors import (
    CONNECTION_FAILED,
    CONTENT_TYPE,
    ERROR_RESPONSE,
    TOO_MANY_REDIRECTS,
    TwimlError,
)
from simulator.providers.provider import Outgoing, Provider

TWIML_TYPES = ("text/xml", "application/xml", "text/html")
"""Twilio docs: voice/twiml. text/plain would be executed or read aloud; here it is an error, being a slip."""


class Answer(NamedTuple):
    """What came back from the service; `took` in the machine's seconds."""

    url: str
    status: int
    headers: httpx.Headers
    body: bytes
    took: float

    @property
    def content_type(self) -> str:
        return str(self.headers.get("content-type", "")).partition(";")[0].strip().lower()


class Network(Protocol):
    """What requests need of the telephone company."""

    provider: Provider
    clock: Clock
    http: httpx.AsyncClient
    auth_token: str
    request_timeout: float
    duplicate_webhooks: int
    duplicates: deque[Answer]

    def absolute(self, url: str) -> str: ...

    def connect_address(self, public: httpx.URL) -> httpx.URL: ...


class Asker(NamedTuple):
    """The line that asks for a document, `at` seconds after it began; `leg` as in `Document`."""

    sid: str
    leg: str
    at: float
    cookies: httpx.Cookies


async def fetch_document(
    network: Network, url: str, method: str, parameters: Mapping[str, str], asker: Asker
) -> Document:
    """Request a document and read it. Raises TwimlError for every way in which that can fail."""
    url = network.absolute(url)
    answer = await deliver(network, url, method, parameters, asker.cookies)
    if not 200 <= answer.status < 300:
        raise TwimlError(ERROR_RESPONSE, f"the service answered {answer.status}", url)
    reading: Reading | None = None
    if answer.content_type in TWIML_TYPES:
        reading = read_document(answer.body, url, network.provider.grammar)
    elif not answer.content_type.startswith("audio/"):
        raise TwimlError(CONTENT_TYPE, f"the answer's type is {answer.content_type or 'missing'!r}", url)
    if reading is None:
        return Document(answer.url, "", None, asker.leg, asker.at, asker.sid, method, parameters, answer.took)
    text = answer.body.decode("utf-8", "replace")
    document = Document(
        answer.url, text, reading.root, asker.leg, asker.at, asker.sid, method, parameters, answer.took, reading.ignored
    )
    return document._replace(headers=dict(answer.headers))


class Webhook(NamedTuple):
    """One request to the service, before it is sent."""

    company: Network
    url: str
    method: str
    parameters: Mapping[str, str]
    cookies: httpx.Cookies
    token: str
    plan: Delivery


async def deliver(
    company: Network,
    url: str,
    method: str,
    parameters: Mapping[str, str],
    cookies: httpx.Cookies,
    *,
    callback: bool = False,
) -> Answer:
    """One webhook, with what its URL, the provider and the company's settings say about retries and duplicates."""
    plan = company.provider.delivery(url, company.request_timeout, callback=callback)
    webhook = Webhook(company, url, method, parameters, cookies, str(uuid.uuid4()), plan)
    for _ in range(company.duplicate_webhooks):
        company.duplicates.append(await _with_retries(webhook))
    return await _with_retries(webhook)


async def _with_retries(webhook: Webhook) -> Answer:
    plan, url = webhook.plan, webhook.url
    try:
        async with asyncio.timeout(plan.total_timeout):
            for attempt in range(plan.retries + 1):
                last = attempt == plan.retries
                try:
                    answer = await _following_redirects(webhook)
                    if last or answer.status < 400 or not plan.retries_after(f"{answer.status // 100}xx"):
                        return answer
                except httpx.ConnectError as error:
                    if last or not plan.retries_after("ct"):
                        raise TwimlError(CONNECTION_FAILED, f"no connection: {error}", url) from None
                except (TimeoutError, httpx.TimeoutException):
                    if last or not plan.retries_after("rt"):
                        raise TwimlError(CONNECTION_FAILED, f"no answer in {plan.read_timeout} s", url) from None
                except httpx.HTTPError as error:
                    raise TwimlError(CONNECTION_FAILED, f"{type(error).__name__}: {error}", url) from None
    except TimeoutError:
        pass
    raise TwimlError(CONNECTION_FAILED, f"no answer in {plan.total_timeout} s altogether", url)


async def _following_redirects(webhook: Webhook) -> Answer:
    most = webhook.company.provider.max_http_redirects
    for _ in range(most + 1):
        answer = await _request(webhook)
        if answer.status not in (301, 302, 303, 307, 308) or "location" not in answer.headers:
            return answer
        webhook = webhook._replace(
            url=webhook.company.absolute(urljoin(webhook.url, answer.headers["location"])),
            method=webhook.method if answer.status in (307, 308) else "GET",
            # Twilio docs (gather, troubleshooting): what was gathered is not sent again after a redirect.
            parameters={k: v for k, v in webhook.parameters.items() if k not in _GATHERED},
        )
    raise TwimlError(TOO_MANY_REDIRECTS, f"more than {most} HTTP redirects", webhook.url)


_GATHERED = ("Digits", "SpeechResult", "Confidence")


async def _request(webhook: Webhook) -> Answer:
    parts = urlsplit(webhook.url)
    form = list(webhook.parameters.items()) if webhook.method == "POST" else []
    query = parts.query
    if webhook.method == "GET" and webhook.parameters:
        query = "&".join(filter(None, [query, urlencode(webhook.parameters)]))
    public = httpx.URL(urlunsplit((parts.scheme, parts.netloc, parts.path or "/", query, "")))
    body = urlencode(form).encode()
    company = webhook.company
    outgoing = Outgoing(str(public), webhook.method, form, body, company.clock.now(), company.auth_token, webhook.token)
    headers = dict(company.provider.headers(outgoing))
    if webhook.method == "POST":
        headers["Content-Type"] = "application/x-www-form-urlencoded; charset=UTF-8"
    answer = await send(company, webhook.method, public, headers, body, webhook.cookies, webhook.plan)
    return answer._replace(url=webhook.url)  # without a GET's parameters, which would be sent twice the next time


async def send(
    company: Network,
    method: str,
    public: httpx.URL,
    headers: Mapping[str, str],
    body: bytes,
    cookies: httpx.Cookies,
    plan: Delivery,
) -> Answer:
    """One HTTP exchange; a virtual clock stands still meanwhile."""
    every = {"Host": public.netloc.decode("ascii"), "User-Agent": company.provider.user_agent, "Accept": "*/*"}
    request = company.http.build_request(
        method, company.connect_address(public), headers={**every, **headers}, content=body or None
    )
    cookies.set_cookie_header(request)
    began = time.perf_counter()
    with company.clock.busy():
        async with asyncio.timeout(plan.read_timeout):
            response = await company.http.send(request)
    cookies.extract_cookies(response)
    took = time.perf_counter() - began
    return Answer(str(public), response.status_code, response.headers, response.content, took)
