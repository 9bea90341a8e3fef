"""Everything that one worker keeps between requests."""

import asyncio
from collections import deque
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Final, NamedTuple

from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession, async_sessionmaker

from app.audio.conversion import Conversion
from app.audio.sounds import Sounds
from app.base.clock import Clock
from app.base.one_of_all import OneOfAll
from app.base.raw_request import Request
from app.base.secrets_at_rest import SecretBox
from app.base.settings import Settings
from app.event_log.feed import Feed
from app.event_log.journal import Journal
from app.event_log.open_calls import OpenCalls
from app.event_log.own_number_hops import OwnNumberHops
from app.event_log.records import CallFact
from app.event_log.shipper import Shipper
from app.mail.mailer import Mailer
from app.plan.live_plan import LivePlan
from app.telephone.telephone import Telephone
from app.telephone.telephones import Telephones

_LARGEST_KEPT: Final = 16_384
_LONG_AGO: Final = datetime.min.replace(tzinfo=UTC)
_KEPT_EVERY: Final = timedelta(seconds=1)


class RefusedRequest(NamedTuple):
    """A request that claimed to be from a provider (its name) and was not rightly signed."""

    provider: str
    request: Request
    at: datetime


@dataclass(slots=True)
class Switchboard:
    """Put together by :mod:`app.lifespan`, found as ``request.app.state.switchboard``. ``step_key`` signs the URLs of
    running calls, ``pin_key`` seals the PINs of VIPs; ``offers_turn`` is whose it is to offer callers to operators;
    ``sounds`` are the recordings at hand, ``conversion`` makes them; ``answering`` are the calls that are being decided,
    each with the repetitions that wait for the same answer; ``refused`` are requests whose signatures are still to be looked
    into."""

    settings: Settings
    clock: Clock
    worker_id: str
    engine: AsyncEngine
    sessions: async_sessionmaker[AsyncSession]
    secret_box: SecretBox
    step_key: bytes
    pin_key: bytes
    live_plan: LivePlan
    journal: Journal
    shipper: Shipper
    feed: Feed
    open_calls: OpenCalls
    telephones: Telephones
    offers_turn: OneOfAll
    sounds: Sounds
    mail: Mailer
    conversion: Conversion = field(default_factory=Conversion)
    hops: OwnNumberHops = field(default_factory=OwnNumberHops)
    answering: dict[tuple[str, str], list[asyncio.Future[bytes]]] = field(default_factory=dict)
    refused: deque[RefusedRequest] = field(default_factory=lambda: deque(maxlen=8))
    unanswered_errors: int = 0
    _kept_at: datetime = _LONG_AGO

    def keep_refused(self, provider: str, request: Request) -> None:
        """Keep a request whose signature is wrong, for whoever asks why: one a second, since anybody may send them."""
        now = self.clock()
        if now - self._kept_at >= _KEPT_EVERY and len(request.body) <= _LARGEST_KEPT:
            self._kept_at = now
            self.refused.append(RefusedRequest(provider, request, now))

    async def record(self, *facts: CallFact) -> None:
        """Let this worker know facts about calls at once, and have them durable when this returns."""
        for fact in facts:
            self.open_calls.apply(fact)
        if facts:
            await self.journal.append(*facts)

    def telephone(self, tenant_id: str, line_or_provider: str) -> Telephone | None:
        """What can be done to the company's calls on a line (its number) or at a provider (its name); None where that takes
        a key for the provider's API which nobody has given us."""
        plan = self.live_plan.plan_of(tenant_id)
        line = plan.lines.get(line_or_provider) if plan else None
        return self.telephones.of(tenant_id, line.provider if line else line_or_provider)
