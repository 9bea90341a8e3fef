"""The port :class:`app.telephone.telephone.Telephone` at everybody who has Twilio's REST API."""

from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from app.providers.addresses import Addresses
from app.providers.twiml.own_numbers import numbers_in, read_number_there
from app.providers.twiml.reported import calls_in
from app.providers.twiml.rest import RestApi
from app.telephone.fault import Fault, TelephoneFault
from app.telephone.telephone import OwnNumber, ReportedCall
from routing.lifecycle import CallState, state_for
from routing.step import OWNER, Step, owner_of

_PAGE: Final = "500"
_MOST_PAGES: Final = 200
"""100,000 calls: what a list may be taken for that never ends."""
_EVENTS: Final = ("initiated", "ringing", "answered", "completed")
LONGEST_RING_SECONDS: Final = 600
_NUMBERS: Final = "IncomingPhoneNumbers"


@dataclass(frozen=True, slots=True)
class Habits:
    """What differs between the providers. ``lists_by_the_minute``: a provider's list of calls can be asked for by moments,
    not only by days. ``recordings``: it hands out recordings as WAV at their own address. ``numbers``: it lists the
    account's numbers, each with the addresses of its calls; ``at_failure`` is appended to our addresses, after a ``#``."""

    lists_by_the_minute: bool = True
    recordings: bool = True
    numbers: bool = True
    at_failure: str = ""


@dataclass(frozen=True, slots=True)
class TwimlTelephone:
    """``addresses`` are ours, where calls go on."""

    api: RestApi
    addresses: Addresses
    habits: Habits = Habits()

    async def go_on_at(self, call_id: str, step: Step) -> None:
        """See :class:`app.telephone.telephone.Telephone`."""
        form = {
            "Url": self._url(step, call_id),
            "Method": "POST",
            "FallbackUrl": self.addresses.fallback,
            "FallbackMethod": "POST",
        }
        await self.api.change(f"Calls/{call_id}", form)

    async def hang_up(self, call_id: str) -> None:
        """See :class:`app.telephone.telephone.Telephone`."""
        await self.api.end(f"Calls/{call_id}", {"Status": "completed"})

    async def ring(self, to: str, shown: str, step: Step, seconds: int) -> str:
        """See :class:`app.telephone.telephone.Telephone`."""
        form = {
            "To": to,
            "From": shown,
            "Url": self.first_url(step),
            "Method": "POST",
            "Timeout": str(min(max(seconds, 5), LONGEST_RING_SECONDS)),
            "StatusCallback": self.addresses.status,
            "StatusCallbackMethod": "POST",
            "StatusCallbackEvent": _EVENTS,
        }
        return id_in(await self.api.create("Calls", form), "sid")

    @property
    def records(self) -> bool:
        """See :class:`app.telephone.telephone.Telephone`."""
        return self.habits.recordings

    async def recordings_of(self, call_id: str) -> list[str]:
        """See :class:`app.telephone.telephone.Telephone`."""
        if not self.habits.recordings:
            raise TelephoneFault(Fault.NOT_POSSIBLE_THERE)
        page = await self.api.get(self.api.resource("Recordings"), {"CallSid": call_id})
        told = page.get("recordings")
        ids = [str(one.get("sid") or "") for one in told if isinstance(one, dict)] if isinstance(told, list) else []
        return [one for one in ids if one]

    async def is_over(self, call_id: str) -> bool:
        """See :class:`app.telephone.telephone.Telephone`."""
        told = await self.api.get(self.api.resource("Calls", call_id))
        reported = state_for(str(told.get("status") or ""))
        return reported is not None and reported[0] is CallState.ENDED

    async def recording(self, recording: str) -> AsyncIterator[bytes]:
        """See :class:`app.telephone.telephone.Telephone`."""
        if not self.habits.recordings:
            raise TelephoneFault(Fault.NOT_POSSIBLE_THERE)
        async with self.api.stream(f"{self.api.root}/Recordings/{recording}.wav") as pieces:
            async for piece in pieces:
                yield piece

    async def calls(self, since: datetime, until: datetime) -> AsyncIterator[ReportedCall]:
        """See :class:`app.telephone.telephone.Telephone`."""
        if self.habits.lists_by_the_minute:
            form = "%Y-%m-%dT%H:%M:%SZ"
            query = {"StartTime>": since.strftime(form), "StartTime<": (until + timedelta(seconds=1)).strftime(form)}
        else:
            query = {"StartTime>": since.strftime("%Y-%m-%d"), "StartTime<": f"{until + timedelta(days=1):%Y-%m-%d}"}
        page = await self.api.get(self.api.resource("Calls"), query | {"PageSize": _PAGE})
        for _ in range(_MOST_PAGES):
            for call in calls_in(page):
                if since <= call.began <= until:
                    yield call
            if (following := _following(page)) is None:
                return
            page = await self.api.get(self.api.below_the_host(following))

    async def numbers(self) -> AsyncIterator[OwnNumber]:
        """See :class:`app.telephone.telephone.Telephone`."""
        if not self.habits.numbers:
            raise TelephoneFault(Fault.NOT_POSSIBLE_THERE)
        page = await self.api.get(self.api.resource(_NUMBERS), {"PageSize": _PAGE})
        for _ in range(_MOST_PAGES):
            for one in numbers_in(page, self.addresses.voice):
                yield one
            if (following := _following(page)) is None:
                return
            page = await self.api.get(self.api.below_the_host(following))

    async def number(self, number_id: str) -> OwnNumber:
        """See :class:`app.telephone.telephone.Telephone`."""
        if not self.habits.numbers:
            raise TelephoneFault(Fault.NOT_POSSIBLE_THERE)
        told = await self.api.get(self.api.resource(_NUMBERS, number_id))
        if (number := read_number_there(told, self.addresses.voice)) is None:
            raise TelephoneFault(Fault.UNREACHABLE, detail="a number without a number")
        return number

    async def point_here(self, number_id: str) -> None:
        """See :class:`app.telephone.telephone.Telephone`. An application or a trunk would go before the addresses
        (twilio.com/docs/phone-numbers/api/incomingphonenumber-resource), so it is taken away where there is one."""
        there = await self.number(number_id)
        form = {
            "VoiceUrl": self.addresses.voice + self.habits.at_failure,
            "VoiceMethod": "POST",
            "VoiceFallbackUrl": self.addresses.fallback,
            "VoiceFallbackMethod": "POST",
            "StatusCallback": self.addresses.status,
            "StatusCallbackMethod": "POST",
        }
        if there.led_by:
            form |= {"VoiceApplicationSid": "", "TrunkSid": ""}
        await self.api.change(f"{_NUMBERS}/{number_id}", form)

    async def look(self) -> None:
        """See :class:`app.telephone.telephone.Telephone`."""
        await self.api.get(self.api.resource("Calls"), {"PageSize": "1"})

    def first_url(self, step: Step) -> str:
        """Where a new call goes on, whose own id nobody knows yet."""
        if not step.about:
            raise ValueError("a new call goes on at a step that says what it is about")
        return self._url(step, step.about)

    def _url(self, step: Step, owner: str) -> str:
        """Where the call ``owner`` goes on, and no other."""
        of_that_call = owner_of(self.api.tenant_id, owner, self.addresses.step_key)
        return self.addresses.step(step).replace(OWNER, of_that_call)


def _following(page: Mapping[str, object]) -> str | None:
    """Where the next page of a list is; None after the last."""
    following = page.get("next_page_uri")
    return following if following and isinstance(following, str) else None


def id_in(told: Mapping[str, object], name: str) -> str:
    """The new call's id, in the API's answer. Raises :class:`TelephoneFault` for an answer without one."""
    if not (call_id := str(told.get(name) or "")):
        raise TelephoneFault(Fault.UNREACHABLE, detail="a call without an id")
    return call_id
