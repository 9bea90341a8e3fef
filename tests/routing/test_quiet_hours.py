"""A manager is left to sleep, and the VIP reaches the next one, or whoever is there."""

from dataclasses import replace
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from routing.actions import Connect, Leg
from routing.findings import Found
from routing.hours import read_interval
from routing.plan import Operator
from routing.quiet_hours import QuietHours
from tests import cast
from tests.routing.a_plan import CHRISTMAS_NIGHT, FRIDAY_MORNING, MARTIN, a_plan, asked

PARIS = ZoneInfo("Europe/Paris")
NIGHT = QuietHours(read_interval("22:00-07:00"), PARIS)


@pytest.mark.parametrize(
    ("clock", "quiet"),
    [("21:59", False), ("22:00", True), ("23:59", True), ("03:00", True), ("06:59", True), ("07:00", False)],
)
def test_quiet_hours_go_past_midnight_by_the_company_s_clock(clock: str, quiet: bool) -> None:
    moment = datetime.fromisoformat(f"2026-07-24T{clock}").replace(tzinfo=PARIS)
    assert NIGHT.cover(moment.astimezone(UTC)) is quiet


def test_whoever_sleeps_is_not_rung_and_the_next_one_is() -> None:
    sleeps = replace(MARTIN, quiet=NIGHT)
    mina = Operator(Leg("mina", "Mina", "+33639980012"), management=True, position=9)
    rung = asked(cast.VERA, a_plan(operators={"m": sleeps, "mina": mina}), CHRISTMAS_NIGHT).action
    assert isinstance(rung, Connect)
    assert [leg.name for leg in rung.legs] == ["Mina"]


def test_when_all_of_them_sleep_whoever_is_there_is_rung_and_no_sleeper() -> None:
    olga = Operator(Leg("olga", "Olga", cast.OLGA), frozenset({"q-main"}))
    plan = a_plan(operators={"m": replace(MARTIN, quiet=NIGHT), "olga": olga})
    rung = asked(cast.VERA, plan, CHRISTMAS_NIGHT).action
    assert isinstance(rung, Connect)
    assert [leg.name for leg in rung.legs] == ["Olga"]
    assert plan.vip_chain()[0].name == MARTIN.leg.name, "whoever asks without a moment hears of everybody"


def test_when_all_of_them_sleep_whoever_may_be_woken_is_offered_to_a_vip_for_whom_it_is_urgent() -> None:
    deep, light = replace(MARTIN, quiet=NIGHT), replace(NIGHT, unless_urgent=True)
    mina = Operator(Leg("mina", "Mina", "+33639980012"), management=True, position=9, quiet=light)
    olga = Operator(Leg("olga", "Olga", cast.OLGA), frozenset({"q-main"}))
    plan = a_plan(operators={"m": deep, "mina": mina, "olga": olga})
    asking = asked(cast.VERA, plan, CHRISTMAS_NIGHT)
    assert asking.action == Connect((olga.leg,), "q-main", urgent=(mina.leg, olga.leg))
    assert asking.reason.finding.found is Found.VIP_ASKED_IF_URGENT
    by_day = asked(cast.VERA, plan, FRIDAY_MORNING).action
    assert by_day == Connect((MARTIN.leg, mina.leg), "q-main")


def test_nobody_is_asked_whether_it_is_urgent_while_somebody_of_management_is_awake_or_where_nobody_allows_it() -> None:
    light = replace(MARTIN, quiet=replace(NIGHT, unless_urgent=True))
    awake = Operator(Leg("mina", "Mina", "+33639980012"), management=True)
    for operators in ({"m": light, "mina": awake}, {"m": replace(MARTIN, quiet=NIGHT)}, {}):
        plan = a_plan(operators=operators)
        assert plan.urgent_chain(frozenset(), CHRISTMAS_NIGHT) == ()
        assert asked(cast.VERA, plan, CHRISTMAS_NIGHT).reason.finding.found is not Found.VIP_ASKED_IF_URGENT
    alone = a_plan(operators={"m": light})
    assert alone.urgent_chain(frozenset({"martin"}), CHRISTMAS_NIGHT) == (), "it is Martin himself who calls"
    assert (
        asked(cast.UMA, alone, CHRISTMAS_NIGHT).action == asked(cast.UMA, a_plan(operators={}), CHRISTMAS_NIGHT).action
    )
