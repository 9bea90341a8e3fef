"""The telephone company: it has lines, telephones and queues, and tells the service about calls over HTTP."""

from __future__ import annotations

import asyncio
import contextvars
import random
from collections import deque
from collections.abc import Callable, Collection, Coroutine, Mapping
from http.cookiejar import CookieJar, DefaultCookiePolicy
from types import TracebackType
from typing import Any, Literal, Self, TypeVar
from urllib.parse import urljoin, urlsplit

import httpx

from simulator.call import Call
from simulator.callee import Callee
from simulator.clock import Clock
from simulator.delivery import HARD_LIMIT
from simulator.documents import Document
from simulator.errors import CALLBACK_FAILED, TwimlError
from simulator.go_to import GoTo
from simulator.heard import Event
from simulator.line import Line
from simulator.own_number import OwnNumber
from simulator.placed_call import PlacedCall
from simulator.providers.provider import Incoming, Provider
from simulator.providers.twilio import Twilio
from simulator.recordings import Recording
from simulator.trouble import Trouble
from simulator.virtual_clock import inside_the_simulator
from simulator.waiting_line import WaitingLine
from simulator.web import Answer, deliver

Result = TypeVar("Result")
Listener = Callable[[Line, Event], None]
Reader = Callable[[Line, Document], None]

_LONGEST_SHUFFLE = 5.0
_REMEMBERED = 10_000


class PhoneCompany:
    """A telephone company in a box, for one account of the service under test.

    `provider` is Twilio unless another is given; what `account_sid` and `auth_token` are called there, its class says.
    `base_url` is the service's public address, which is signed; `connect_to` the address really connected to,
    where that differs. `transport` puts an application in the place of the network
    (`httpx.ASGITransport(app)`). `caller_ids`: the account's other numbers, which <Dial callerId> may show beside
    the call's own two. `others_ring_until`: "answer" hangs up the other parties of a <Dial> as soon as one
    picks up, as Twilio documents it; "acceptance" lets them ring until a whisper has run through.

    Trouble can be ordered: `duplicate_webhooks` deliveries more of everything (the last answer counts),
    `drop_status_callbacks` (all, or those a function picks), `shuffle_status_callbacks` (a seed: each is
    delayed by up to five seconds, so they overtake each other).

    Use it as an async context manager; leaving it ends everything it started.
    """

    def __init__(
        self,
        base_url: str,
        account_sid: str,
        auth_token: str,
        *,
        clock: Clock,
        provider: Provider | None = None,
        transport: httpx.AsyncBaseTransport | None = None,
        connect_to: str | None = None,
        voice_url: str = "/{provider}/voice",
        status_url: str | None = "/{provider}/status",
        fallback_url: str | None = "/{provider}/fallback",
        method: str = "POST",
        request_timeout: float = HARD_LIMIT,
        caller_ids: Collection[str] = (),
        others_ring_until: Literal["answer", "acceptance"] = "answer",
        duplicate_webhooks: int = 0,
        drop_status_callbacks: bool | Callable[[Mapping[str, str]], bool] = False,
        shuffle_status_callbacks: int | None = None,
    ) -> None:
        if urlsplit(base_url).scheme not in ("http", "https") or not urlsplit(base_url).hostname:
            raise ValueError(
                f"base_url is {base_url!r}; it must be the service's address, e.g. https://pbx.example.org"
            )
        self.base_url = base_url
        self.connect_to = connect_to
        self.provider: Provider = provider or Twilio()
        self.account_sid = account_sid
        self.auth_token = auth_token
        self.clock = clock
        self.voice_url = self._own_url(voice_url)
        self.status_url = self._own_url(status_url) if status_url else None
        self.fallback_url = self._own_url(fallback_url) if fallback_url else None
        self.method = method
        self.request_timeout = request_timeout
        self.caller_ids = frozenset(caller_ids)
        self.others_ring_until = others_ring_until
        self.duplicate_webhooks = duplicate_webhooks
        self.drop_status_callbacks = drop_status_callbacks
        self._shuffle = None if shuffle_status_callbacks is None else random.Random(shuffle_status_callbacks)
        nobody = CookieJar(DefaultCookiePolicy(allowed_domains=[]))  # cookies belong to a call, not to the company
        self.trouble = Trouble()
        self.recordings: dict[str, Recording] = {}
        self.numbers: dict[str, OwnNumber] = {}
        self.http = httpx.AsyncClient(
            transport=transport,
            timeout=HARD_LIMIT,
            limits=httpx.Limits(max_connections=None, max_keepalive_connections=100),
            cookies=nobody,
            trust_env=False,
        )
        self.calls: dict[str, Call] = {}
        self.queues: dict[str, WaitingLine] = {}
        self.audio_lengths: dict[str, float] = {}
        self.duplicates: deque[Answer] = deque(maxlen=_REMEMBERED)
        self.callbacks: deque[Mapping[str, str]] = deque(maxlen=_REMEMBERED)
        self.dropped_callbacks: deque[Mapping[str, str]] = deque(maxlen=_REMEMBERED)
        self.warnings: deque[TwimlError] = deque(maxlen=_REMEMBERED)
        self._phones: dict[str, Callee] = {}
        self._listeners: list[Listener] = []
        self._readers: list[Reader] = []
        self._tasks: set[asyncio.Task[Any]] = set()
        self._closed = False

    def _own_url(self, path: str) -> str:
        return urljoin(self.base_url, path.replace("{provider}", self.provider.name))

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.close()

    async def close(self) -> None:
        """Cancel everything under way and close the connections."""
        self._closed = True
        tasks = list(self._tasks)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await self.http.aclose()

    # --- calls, telephones, queues ---------------------------------------------------------------------------

    async def place_call(
        self,
        caller: str,
        to: str,
        *,
        attestation: str | None = None,
        caller_name: str | None = None,
        forwarded_from: str | None = None,
        extra: Mapping[str, str] | None = None,
        call_sid: str | None = None,
    ) -> Call:
        """Ring `to`; the call goes on in the background.

        `caller` is any string the network may deliver: a number, "", "anonymous", "sip:…", "client:…".
        `attestation` is "A", "B", "C", "failed", or the provider's own value as it stands (Twilio's StirVerstat).
        `extra` parameters override everything else. A number that the account was given by `own` goes where it points.
        """
        incoming = Incoming(caller, to, self.method, attestation, caller_name, forwarded_from)
        facts = self.provider.arriving(incoming)
        call = Call(self, call_sid or self.provider.new_call_id(), caller, to, facts | dict(extra or {}))
        self._forget_an_old_call()
        self.calls[call.sid] = call
        self.spawn(call.live(self._answering(to)))
        return call

    def own(self, number: str, **fields: Any) -> OwnNumber:
        """Give the account a number, as the console does; without a `voice_url` nobody answers there."""
        sid = self.provider.new_number_id()
        owned = OwnNumber(sid, number, self.clock.now(), **({"friendly_name": number} | fields))
        self.numbers[sid] = owned
        return owned

    def _answering(self, to: str) -> GoTo:
        owned = next((one for one in self.numbers.values() if one.number == to), None)
        if owned is None:
            return GoTo(self.voice_url, self.method)
        if owned.is_led_elsewhere or not owned.voice_url:
            raise LookupError(f"{to} does not point at any URL")
        return GoTo(owned.voice_url.partition("#")[0], owned.voice_method)

    def keep_recording(self, line: Line, facts: Mapping[str, str], seconds: float) -> None:
        """What was recorded on a line, under the name that the service is told."""
        sid = facts.get("RecordingSid") or facts["RecordingUrl"].rpartition("/")[2]
        ready_at = self.clock.monotonic() + self.trouble.recordings_after
        self.recordings[sid] = Recording(sid, line.sid, max(1.0, seconds), self.clock.now(), ready_at)

    def place(self, call: PlacedCall) -> None:
        """Carry out a call that the REST API has made; it goes on in the background."""
        self._forget_an_old_call()
        self.calls[call.sid] = call
        self.spawn(call.live_on())

    def _forget_an_old_call(self) -> None:
        """So that a bench of many thousand calls does not keep them all."""
        if len(self.calls) >= _REMEMBERED:
            oldest = next(iter(self.calls.values()))
            if oldest.is_over:
                del self.calls[oldest.sid]

    def line(self, sid: str) -> Line | None:
        """The call, or the leg of one of its dialled parties, with that CallSid."""
        if sid in self.calls:
            return self.calls[sid]
        legs = (leg for call in self.calls.values() for leg in call.legs)
        return next((leg for leg in legs if leg.sid == sid), None)

    def phone(self, address: str) -> Callee:
        """The telephone at "+33…", "sip:…" or "client:…"; until told otherwise it never answers."""
        return self._phones.setdefault(address, Callee(address))

    def name_of(self, address: str) -> str:
        """The name given to a telephone, or an empty string."""
        phone = self._phones.get(address)
        return phone.name if phone else ""

    def queue(self, name: str) -> WaitingLine:
        """The queue of that name, created when it is first asked for."""
        if name not in self.queues:
            self.queues[name] = WaitingLine(name, self.provider.new_queue_id(name), self.clock, self.clock.now())
        return self.queues[name]

    async def let_pass(self, seconds: float) -> None:
        """Let that much telephone time pass."""
        with self.clock.waited_for():
            await self.clock.sleep(seconds)

    async def settle(self) -> None:
        """Let everything due now happen, without moving time on."""
        await self.clock.idle()

    def on_event(self, listener: Listener) -> None:
        """Call `listener(line, event)` for everything heard on any line, when it begins."""
        self._listeners.append(listener)

    def on_document(self, reader: Reader) -> None:
        """Call `reader(line, document)` for every document that the service answers, before it is run."""
        self._readers.append(reader)

    def tell(self, line: Line, event: Event) -> None:
        for listener in self._listeners:
            listener(line, event)

    def show(self, line: Line, document: Document) -> None:
        for reader in self._readers:
            reader(line, document)

    # --- the service under test --------------------------------------------------------------------------------

    def absolute(self, url: str) -> str:
        """The URL itself, if it belongs to the service under test: the simulator connects nowhere else."""
        wanted, own = urlsplit(url), urlsplit(self.base_url)
        if not wanted.scheme:
            raise TwimlError(11100, "a URL that is not absolute, with nothing to resolve it against", url)
        if (wanted.scheme, wanted.netloc) != (own.scheme, own.netloc):
            raise TwimlError(None, f"the simulator only connects to {own.scheme}://{own.netloc}", url)
        return url

    def connect_address(self, public: httpx.URL) -> httpx.URL:
        """Where a request for a public URL is really sent."""
        if self.connect_to is None:
            return public
        there = httpx.URL(self.connect_to)
        return public.copy_with(scheme=there.scheme, host=there.host, port=there.port)

    def call_back(self, call: Line, url: str, method: str, facts: Mapping[str, str]) -> None:
        """Send a status callback; those of one call in their order, unless they are to be shuffled."""
        dropped = self._closed or self.drop_status_callbacks
        if dropped(facts) if callable(dropped) else dropped:
            self.dropped_callbacks.append(facts)
            return
        earlier = call.callbacks_under_way[-1] if call.callbacks_under_way else None
        task = self.spawn(self._send_callback(call, url, method, facts, earlier))
        call.callbacks_under_way.append(task)
        task.add_done_callback(lambda _: call.changed())

    async def _send_callback(
        self, call: Line, url: str, method: str, facts: Mapping[str, str], earlier: asyncio.Task[None] | None
    ) -> None:
        if self._shuffle is not None:
            await self.clock.sleep(self._shuffle.uniform(0, _LONGEST_SHUFFLE))
        elif earlier is not None:
            await asyncio.wait([earlier])
        try:
            answer = await deliver(self, self.absolute(url), method, facts, call.cookies, callback=True)
            self.callbacks.append(facts)
            if answer.status >= 400:
                self.warnings.append(TwimlError(CALLBACK_FAILED, f"the service answered {answer.status}", url))
        except TwimlError as error:
            self.warnings.append(error)

    def spawn(self, work: Coroutine[Any, Any, Result]) -> asyncio.Task[Result]:
        """Run something of the simulator's own in the background, until it ends or the company closes."""
        context = contextvars.copy_context()
        context.run(inside_the_simulator.set, True)
        task = asyncio.get_running_loop().create_task(work, context=context)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return task
