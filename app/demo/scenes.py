"""The scripted day: who calls when, and how they and the people called behave."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from zoneinfo import ZoneInfo

from app.demo import sample_company as them
from simulator import Call, PhoneCompany

PARIS: Final = ZoneInfo("Europe/Paris")


@dataclass(frozen=True, slots=True)
class Scene:
    """``at`` is local time in Paris. ``keys`` are pressed at the menus; ``patience`` is how many seconds the caller
    stays; ``prepare`` tells the people called what to do."""

    at: datetime
    title: str
    caller: str
    caller_name: str | None = None
    keys: tuple[str, ...] = ()
    patience: float | None = None
    attestation: str | None = None
    prepare: Callable[[PhoneCompany], None] = lambda phones: everybody_works(phones)

    async def play(self, phones: PhoneCompany) -> Call:
        """Place the call and see it through."""
        self.prepare(phones)
        call = await phones.place_call(
            self.caller, them.LINE, attestation=self.attestation, caller_name=self.caller_name
        )
        call.plan_to_press(list(self.keys))
        if self.patience is not None:
            call.plan_to_hang_up(self.patience)
        await call.ended()
        return call


def everybody_works(phones: PhoneCompany) -> None:
    """Olga picks up, Martin takes VIPs with a key press, Oscar is out."""
    for address, name in ((them.OLGA, "Olga"), (them.MARTIN, "Martin"), (them.OSCAR, "Oscar")):
        phones.phone(address).name = name
    phones.phone(them.OLGA).answers_after(5).talks_for(40)
    phones.phone(them.MARTIN).answers_after(4).presses("1").talks_for(60)
    phones.phone(them.OSCAR).never_answers()


def martin_is_out(phones: PhoneCompany) -> None:
    """Martin's mobile goes to voicemail, which presses no key."""
    everybody_works(phones)
    phones.phone(them.MARTIN).voicemail_answers_after(10)


def _at(day: int, hour: int, minute: int, month: int = 12) -> datetime:
    return datetime(2026, month, day, hour, minute, tzinfo=PARIS)


DAY: Final = (
    Scene(_at(24, 3, 0), "Vera at 3 a.m.", them.VERA),
    Scene(_at(24, 8, 40), "Uma, whom nobody knows, calls before opening time", them.UMA, "UMA LOPEZ"),
    Scene(_at(24, 9, 5), "Uma again, after opening: menu, 1 for orders", them.UMA, "UMA LOPEZ", keys=("1",)),
    Scene(_at(24, 9, 40), "Clara, a client of the category “Revendeur”", them.CLARA),
    Scene(_at(24, 10, 15), "Boris, who is blacklisted, and patient for four minutes", them.BORIS, patience=240),
    Scene(_at(24, 10, 30), "A telephone seller, blocked by prefix", "+33162123456"),
    Scene(_at(24, 11, 0), "A caller who withholds the number and presses nothing", "anonymous"),
    Scene(_at(24, 12, 45), "Vera, the VIP, at lunchtime, when the company is closed", them.VERA),
    Scene(
        _at(24, 15, 0),
        "Somebody who shows Vera's number, but the network says it is forged",
        them.VERA,
        attestation="failed",
    ),
    Scene(
        _at(24, 16, 0),
        "Vera again; Martin's voicemail picks up, presses no key and gets nothing",
        them.VERA,
        prepare=martin_is_out,
    ),
)
AFTERWARDS: Final = Scene(_at(24, 16, 30), "The company is open, and all calls of the day lie behind", them.UMA)
