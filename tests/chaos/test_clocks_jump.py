"""The computer's clock is put back or runs ahead while calls go on, and both nights on which clocks change."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from models import LineRecord
from simulator import ConnectedTo
from tests import cast
from tests.chaos.load import first_verb
from tests.office import Office, open_office
from tests.panel.sse import listening
from tests.served import serve

pytestmark = pytest.mark.anyio
BACK, AHEAD = timedelta(hours=-2), timedelta(days=400)
jumps = pytest.mark.parametrize("jump", [BACK, AHEAD], ids=["two-hours-back", "400-days-ahead"])


def set_clock(office: Office, moment: datetime) -> None:
    """It is another time, all at once."""
    office.clock._start += moment - office.clock.now()


@jumps
async def test_calls_that_go_on_are_not_cut_when_the_clock_jumps(office: Office, jump: timedelta) -> None:
    await office.add_blacklisted()
    uma = await office.phones.place_call(cast.UMA, cast.LINE)
    boris = await office.phones.place_call(cast.BORIS, cast.LINE)
    await office.phones.let_pass(40)
    set_clock(office, office.clock.now() + jump)
    await office.phones.let_pass(40)
    clara = await office.phones.place_call(cast.CLARA, cast.LINE)
    await office.phones.let_pass(5)
    await office.add_operator()
    office.phones.phone(cast.OLGA).answers_after(2).talks_for(30)
    await uma.hears(ConnectedTo)
    await office.phones.let_pass(120)
    for call in (uma, boris, clara):
        assert call.errors == []
    assert not any(isinstance(event, ConnectedTo) for event in boris.heard)
    assert office.board.unanswered_errors == 0
    await office.settled()
    assert office.board.shipper.set_aside == 0


@jumps
async def test_decisions_lists_and_hops_outlive_a_jump_of_the_clock(office: Office, jump: timedelta) -> None:
    await office.add_manager()
    await office.add_vip()
    await office.add_blacklisted()
    second = {"label": "Second", "country": "FR", "time_zone": "Europe/Paris", "language": "fr"}
    await office.add(LineRecord(number=cast.SECOND_LINE, **second))
    for _ in range(2):
        answers = [await office.webhook("/twilio/voice", caller) for caller in (cast.VERA, cast.BORIS, cast.UMA)]
        assert [first_verb(answer.content) for answer in answers] == ["Dial", "Say", "Enqueue"]
        # Our other line calls, as a forwarded call does: twice is no loop, whatever the clock did in between.
        own = [await office.webhook("/twilio/voice", cast.SECOND_LINE) for _ in range(2)]
        assert [first_verb(answer.content) for answer in own] == ["Enqueue", "Enqueue"]
        set_clock(office, office.clock.now() + jump)
    assert office.board.hops.count(cast.LINE, office.clock.now()) == 1
    await office.add_blacklisted(cast.UMA, label="Uma")
    assert first_verb((await office.webhook("/twilio/voice", cast.UMA)).content) == "Say"
    await office.settled()
    assert office.board.shipper.set_aside == 0


async def test_a_clock_that_is_put_back_signs_nobody_out_and_hides_no_event(office: Office) -> None:
    async with serve(office) as served, served.signed_in() as adam:
        set_clock(office, office.clock.now() + BACK)
        assert (await adam.get("/")).status_code == 200
        async with listening(adam) as stream:
            assert (await stream.next()).name == "hello"
            call = await office.phones.place_call(cast.UMA, cast.LINE)
            await office.phones.settle()
            (told,) = await stream.take(1)
            assert told.data["call"]["id"] == call.sid
        ready = (await served.program.get("/health/ready")).json()
        assert ready["degraded"] == {}


NIGHTS = [
    ("Europe/Paris", "2026-10-25"),
    ("Europe/Paris", "2027-03-28"),
    ("America/New_York", "2026-11-01"),
    ("America/New_York", "2027-03-14"),
]


@pytest.mark.parametrize(("zone", "sunday"), NIGHTS)
async def test_opening_hours_across_a_night_on_which_clocks_change(
    database_url: str, data_dir: Path, zone: str, sunday: str
) -> None:
    """The night shift is there from 22:00 to 02:30 and from 03:15 to 06:00, by the clock on its wall."""
    evening = datetime.fromisoformat(f"{sunday}T00:00").replace(tzinfo=ZoneInfo(zone)).astimezone(UTC) - timedelta(
        hours=3
    )
    async with open_office(database_url, data_dir, at=evening) as office:
        await office.change_line(time_zone=zone)
        await office.keep_hours(saturday=["22:00-02:30"], sunday=["03:15-06:00"])
        for quarter in range(11 * 4):
            moment = evening + timedelta(minutes=15 * quarter)
            set_clock(office, moment)
            wall = moment.astimezone(ZoneInfo(zone))
            minutes = wall.hour * 60 + wall.minute
            saturday = wall.date().isoformat() < sunday
            there = minutes >= 22 * 60 if saturday else minutes < 150 or 195 <= minutes < 360
            answer = first_verb((await office.webhook("/twilio/voice", cast.UMA)).content)
            assert (answer == "Enqueue") is there, wall
        assert office.board.unanswered_errors == 0
