"""Whatever a company is set up with, another one that applies its document has the same document, to the byte, and decides
every call alike."""

import random
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import httpx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.base.text import can_be_seen
from app.company.configuration.write_document import write_document
from app.plan.phrases import DEFAULTS
from models import Company
from routing.plan import HiddenTreatment
from tests import cast
from tests.api import API, NEIGHBOURS_LINE, neighbour
from tests.company.test_configuration import EMPTY, PATH, document
from tests.office import FRIDAY_MORNING, Office

pytestmark = pytest.mark.anyio

ZONES = ("Europe/Paris", "America/New_York")
DAYS = ("monday", "tuesday", "friday", "sunday")
LANGUAGES = ("en", "es", "fr", "ru")
NUMBERS = [cast.LINE, "+33199001001", "+33199001002"]
CALLERS = ["anonymous", cast.CLARA, cast.BORIS, cast.UMA, "+4930123456", "sip:eve@example.org"]

# Names and texts as people would never write them: whatever YAML might take for something else.
names = st.one_of(
    st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), min_size=1, max_size=12).filter(can_be_seen),
    st.sampled_from(["yes", "null", "~", "0123", "1e3", "a: b", "- x", "#", "*", "&a", "{}", "'", '"', "!!x", "..."]),
).filter(lambda name: bool(name.strip()))  # fmt: skip
texts = st.one_of(st.just("x"), st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=40))
said = st.dictionaries(st.sampled_from(LANGUAGES), texts, max_size=3)
wordings = st.dictionaries(
    st.sampled_from(LANGUAGES), texts.filter(lambda one: bool(one.strip())), min_size=1, max_size=2
)
phrases = st.sampled_from([phrase.value for phrase in DEFAULTS])
treatments = st.fixed_dictionaries(
    {},
    optional={
        "withheld": st.sampled_from([one.value for one in HiddenTreatment]), "voicemail_days": st.integers(1, 3650),
        "rate_per_minute": st.floats(0, 100, width=32),
    },
)  # fmt: skip
intervals = st.sampled_from([[], ["09:00-12:00"], ["09:00-12:00", "14:00-18:00"], ["08:30-23:15"]])
Draw = Callable[[st.SearchStrategy[Any]], Any]


@st.composite
def set_ups(draw: Draw) -> dict[str, Any]:
    """The sections of a document that can be applied."""

    def some(most: int) -> list[str]:
        return list(draw(st.lists(names, max_size=most, unique=True)))

    hours, queues, menus, operators, categories = some(2), ["First", *some(3)], some(3), some(3), some(2)

    def maybe(of: list[str]) -> st.SearchStrategy[Any]:
        return st.none() | st.sampled_from(of) if of else st.none()

    def target(number: int) -> dict[str, Any]:
        kinds = ["hang_up", "repeat", "message", "queue", "voicemail"]
        kind = draw(st.sampled_from([*kinds, *(["operator"] if operators else []), *(["menu"] if number else [])]))
        to = {"queue": queues, "operator": operators, "menu": menus[:number]}.get(kind)
        more = {"to": draw(st.sampled_from(to))} if to else {}
        return {"kind": kind, "label": draw(texts)} | more | ({"text": "Au revoir."} if kind == "message" else {})

    def line(hours: list[str], menus: list[str], queues: list[str]) -> dict[str, Any]:
        closed = draw(st.sampled_from(["message", "voicemail"]))
        places = {"hours": draw(maybe(hours)), "menu": draw(maybe(menus)), "queue": draw(maybe(queues))}
        own = {"label": draw(names), "greeting": draw(texts), "greetings": draw(said)}
        return own | places | {"closed_treatment": closed}

    def queue(number: int) -> dict[str, Any]:
        onwards = {"do": "queue", "to": queues[0]} if number and draw(st.booleans()) else {"do": "message"}
        return {
            "ring": draw(st.sampled_from(["all", "longest_idle", "in_order"])), "announcement": draw(texts),
            "max_waiting": draw(st.none() | st.integers(1, 9)), "announcements": draw(said),
            "otherwise": onwards | {"text": draw(said)},
        }  # fmt: skip

    def operator(number: int) -> dict[str, Any]:
        served = draw(st.lists(st.sampled_from(queues), unique=True))
        return {
            "address": f"client:o{number}", "queues": served, "position": draw(st.integers(0, 3)),
            "confirm": draw(st.booleans()),
        }  # fmt: skip

    lines = NUMBERS[: draw(st.integers(1, 3))]
    holidays = [
        {"country": "FR"}, {"country": "DE", "subdivision": "BY"}, {"day": "2026-07-24", "name": "0x1"},
        {"day": "2026-07-25", "intervals": ["10:00-11:00"], "lines": lines[:1]},
    ]  # fmt: skip
    return {
        "company": {
            "name": draw(names), "country": "FR", "time_zone": draw(st.sampled_from(ZONES)),
            "language": draw(st.sampled_from(LANGUAGES)), "protected": draw(st.sampled_from([[], [cast.CLARA]])),
            "treatments": draw(treatments),
        },
        "texts": draw(st.dictionaries(phrases, wordings, max_size=3)),
        "lines": {number: line(hours, menus, queues) for number in lines},
        "hours": {
            name: {"days": {day: draw(intervals) for day in DAYS}, "observes_holidays": draw(st.booleans())}
            for name in hours
        },
        "holidays": draw(st.lists(st.sampled_from(holidays), max_size=3, unique_by=repr)),
        "menus": {
            name: {
                "prompts": {"fr": "Tapez 1."} | draw(said), "tries": draw(st.integers(1, 10)),
                "keys": {key: target(number) for key in ("1", "12", "*")},
            }
            for number, name in enumerate(menus)
        },
        "queues": {name: queue(number) for number, name in enumerate(queues)},
        "operators": {name: operator(number) for number, name in enumerate(operators)}
        | {"Martin": {"address": cast.MARTIN, "management": True}},
        "categories": {
            name: {
                "queue": draw(maybe(queues)), "menu": draw(maybe(menus)), "priority": draw(st.integers(0, 100)),
                "hours": draw(maybe(hours)),
            }
            for name in categories
        },
    }  # fmt: skip


async def apply(api: httpx.AsyncClient, text: str) -> None:
    answer = await api.put(PATH, content=text.encode())
    assert answer.status_code == 200, (answer.text, text)


async def decisions(api: httpx.AsyncClient, calls: list[tuple[str, str, datetime]]) -> list[dict[str, Any]]:
    """What happens to each call, in words; without ids, which are each company's own."""
    told = []
    for caller, line, at in calls:
        answer = await api.post(f"{API}/explain", json={"from": caller, "to": line, "at": at.isoformat()})
        assert answer.status_code == 200, answer.text
        decision = answer.json()
        trace = [(one["question"], one["found"], one["text"]) for one in decision["trace"]]
        told.append({"action": decision["action"], "reason": decision["reason"], "trace": trace})
    return told


@settings(max_examples=5, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(sections=set_ups(), seed=st.integers(0, 2**32))
async def test_any_set_up_comes_back_as_it_was(office: Office, sections: dict[str, Any], seed: int) -> None:
    chance = random.Random(seed)
    calls = [
        (
            chance.choice(CALLERS),
            chance.choice([*sections["lines"]]),
            FRIDAY_MORNING + timedelta(hours=chance.randrange(96)),
        )
        for _ in range(12)
    ]
    async with neighbour(office) as (api, company):
        try:
            wanted = write_document(sections)
            await apply(office.api, wanted)
            text = await document(office.api)
            decided = await decisions(office.api, calls)
            await apply(office.api, wanted)
            assert await document(office.api) == text
            await apply(office.api, EMPTY)
            await apply(api, text)
            assert await document(api) == text
            assert await decisions(api, calls) == decided
            await apply(api, EMPTY.replace("lines: {}", f"lines: {{'{NEIGHBOURS_LINE}': {{label: A}}}}"))
        finally:
            async with office.board.sessions() as session, session.begin():
                await session.delete(await session.get_one(Company, company.tenant))
