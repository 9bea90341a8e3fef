"""Keys, silence and wrong keys in menus of any depth."""

from routing.menu import Again, GiveUp, MenuTarget, MenuTree, Miss, TargetKind, after_key, first_loop

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
    assert [menu.prompt(language) for language in ("ru", "fr", "en")] == ["Здравствуйте", "Bonjour", "Bonjour"]
    assert MenuTree("m", "M").prompt("en") == ""


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
