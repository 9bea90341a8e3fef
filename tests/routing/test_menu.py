"""Keys, silence and wrong keys in menus of any depth."""

import pytest

from filters.texts import Said
from routing.menu import (
    Again,
    GiveUp,
    GoOnListening,
    MenuTarget,
    MenuTree,
    Miss,
    TargetKind,
    after_key,
    first_digits,
    first_loop,
    key_of,
)

SALES = MenuTarget(TargetKind.QUEUE, "q-sales", label="Sales")
REPEAT = MenuTarget(TargetKind.REPEAT)
BYE = MenuTarget(TargetKind.HANG_UP)


def to(menu_id: str) -> MenuTarget:
    return MenuTarget(TargetKind.MENU, menu_id)


MENUS = {
    "top": MenuTree("top", "Top", {"fr": "Bonjour"}, {"1": to("orders"), "9": REPEAT, "12": SALES}),
    "orders": MenuTree("orders", "Orders", {}, {"1": to("new"), "0": to("top")}),
    "new": MenuTree("new", "New orders", {}, {"1": SALES, "#": BYE}, tries=1, otherwise=BYE),
}


def test_three_keys_lead_through_three_menus() -> None:
    menu_id = "top"
    for key in ("1", "1"):
        target = after_key(MENUS[menu_id], key, 0)
        assert isinstance(target, MenuTarget)
        assert target.kind is TargetKind.MENU
        menu_id = target.id or ""
    assert after_key(MENUS[menu_id], "1", 0) == SALES


def test_silence_and_wrong_keys_are_met_with_patience_and_then_with_the_line_s_queue() -> None:
    top = MENUS["top"]
    assert after_key(top, "", 0) == Again(Miss.SILENCE, 1)
    assert after_key(top, "7", 1) == Again(Miss.WRONG_KEY, 2)
    assert after_key(top, "", 2) == GiveUp()
    assert after_key(top, "7", 99) == GiveUp()


def test_a_right_key_works_at_the_last_try_too() -> None:
    assert after_key(MENUS["top"], "1", 99) == to("orders")


def test_a_menu_with_a_way_out_follows_it() -> None:
    assert after_key(MENUS["new"], "", 0) == BYE
    assert after_key(MENUS["new"], "5", 0) == BYE


def test_repeating_costs_no_try() -> None:
    assert after_key(MENUS["top"], "9", 2) == Again(None, 2)


def test_keys_are_whole_and_may_have_two_digits() -> None:
    assert after_key(MENUS["top"], "12", 0) == SALES
    for typed in ("11", "1 ", "01", "１"):
        assert after_key(MENUS["top"], typed, 0) == Again(Miss.WRONG_KEY, 1)


def test_a_menu_without_keys_gives_up_after_its_tries() -> None:
    empty = MenuTree("e", "Empty", tries=2)
    assert after_key(empty, "", 0) == Again(Miss.SILENCE, 1)
    assert after_key(empty, "", 1) == GiveUp()


def test_the_prompt_is_in_the_caller_s_language_or_in_one_that_exists() -> None:
    menu = MenuTree("m", "M", {"fr": "Bonjour", "ru": "Здравствуйте"})
    assert [menu.prompt(language) for language in ("ru", "fr", "en")] == [
        Said("Здравствуйте"), Said("Bonjour"), Said("Bonjour", "fr"),
    ]  # fmt: skip
    assert MenuTree("m", "M").prompt("en") == Said()


def circle(*ways: tuple[str, str]) -> dict[str, MenuTree]:
    return {start: MenuTree(start, start, otherwise=to(end)) for start, end in ways}


def test_keys_may_lead_in_circles_because_a_person_presses_them() -> None:
    assert first_loop(MENUS, "top") is None


def test_silence_must_come_to_an_end() -> None:
    assert first_loop(circle(("a", "a")), "a") == ["a", "a"]
    assert first_loop(circle(("a", "b"), ("b", "c"), ("c", "a")), "a") == ["a", "b", "c", "a"]
    assert first_loop(circle(("a", "b"), ("b", "c"), ("c", "b")), "a") == ["b", "c", "b"]
    assert first_loop(circle(("a", "b")), "a") is None
    assert first_loop({}, "a") is None
    assert first_loop({"a": MenuTree("a", "a", otherwise=SALES)}, "a") is None


@pytest.mark.parametrize(
    ("keys", "pressed", "key"),
    [
        (["1", "10"], "1#", "1"),
        (["1", "10"], "10", "10"),
        (["1", "10"], "10#", "10"),
        (["1", "10"], "1", GoOnListening("1", 1)),
        (["1", "12"], "21", None),
        (["1", "2", "12"], "21", "2"),
        (["1", "2", "12", "21"], "21", "21"),
        (["1", "2", "12"], "2", "2"),
        (["1", "12"], "11", "1"),
        (["12", "13"], "1", GoOnListening("1", 1)),
        (["1", "1#"], "1#", "1#"),
        (["#"], "#", "#"),
        (["1"], "#", None),
        (["1", "1234"], "1", GoOnListening("1", 3)),
        (["1", "1234"], "12", GoOnListening("12", 2)),
        (["1"], "7", None),
    ],
)
def test_what_is_pressed_means_a_key(keys: list[str], pressed: str, key: object) -> None:
    menu = MenuTree("m", "M", {}, dict.fromkeys(keys, BYE))
    assert key_of(menu, pressed, over=False) == key


def test_a_key_that_could_go_on_counts_when_nothing_more_comes() -> None:
    menu = MenuTree("m", "M", {}, dict.fromkeys(["1", "12", "345"], BYE))
    assert first_digits(menu) == 1
    assert [key_of(menu, pressed, over=True) for pressed in ("1", "12", "3", "34", "")] == ["1", "12", None, None, None]
