"""IVR menus: a key press leads to the next menu or to an action; silence and wrong keys are met with patience."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

from filters.texts import Said, Texts, said_in

MOST_PLAYS: Final = 30
"""Menus that one call hears, repeated ones too: a program may press keys for ever, and pays nothing for it."""


class TargetKind(StrEnum):
    """Where a key may lead."""

    MENU = "menu"
    QUEUE = "queue"
    OPERATOR = "operator"
    MESSAGE = "message"
    VOICEMAIL = "voicemail"
    REPEAT = "repeat"
    HANG_UP = "hang_up"


@dataclass(frozen=True, slots=True)
class MenuTarget:
    """``id`` names the menu, queue or operator; ``text`` is said by a message; ``label`` is shown on the card."""

    kind: TargetKind
    id: str | None = None
    text: str = ""
    label: str = ""


@dataclass(frozen=True, slots=True)
class MenuTree:
    """One menu; submenus are menus of their own, reached by a key. ``otherwise`` follows after ``tries`` silences or
    wrong keys, and without it the line's queue does."""

    id: str
    name: str
    prompts: Texts = field(default_factory=dict)
    keys: Mapping[str, MenuTarget] = field(default_factory=dict)
    tries: int = 3
    timeout_seconds: int = 5
    otherwise: MenuTarget | None = None

    def prompt(self, language: str) -> Said:
        """The prompt in ``language``, or in the first language that has one."""
        return said_in(self.prompts, language)


class Miss(StrEnum):
    """What went wrong when a menu has to be played again."""

    SILENCE = "silence"
    WRONG_KEY = "wrong_key"


@dataclass(frozen=True, slots=True)
class Again:
    """Play the menu again: ``tries`` have been used up, the last one by ``miss``."""

    miss: Miss | None
    tries: int


@dataclass(frozen=True, slots=True)
class GoOnListening:
    """``pressed`` is a key, or the beginning of some, that goes on in at most ``digits`` more."""

    pressed: str
    digits: int


@dataclass(frozen=True, slots=True)
class GiveUp:
    """The tries are used up and the menu names no way out."""


def first_digits(menu: MenuTree) -> int:
    """How many digits to listen for at first: as many as the shortest key has, so that whoever presses it need not wait."""
    return min((len(key) for key in menu.keys), default=1)


def key_of(menu: MenuTree, pressed: str, *, over: bool) -> str | GoOnListening | None:
    """The key of ``menu`` that ``pressed`` means; None when it means none. ``over``: nothing more will come.

    A # at the end only says that the number is complete, as on most telephones, where no key of the menu has it. Of keys
    pressed in a hurry those count that make a key: 2 and 1 are 21 only where there is a 21.
    """
    if pressed not in menu.keys and pressed.endswith("#"):
        pressed, over = pressed.rstrip("#"), True
    longer = [key for key in menu.keys if key.startswith(pressed) and key != pressed] if pressed else []
    if longer and not over:
        return GoOnListening(pressed, min(len(key) for key in longer) - len(pressed))
    if pressed in menu.keys:
        return pressed
    return next((pressed[:end] for end in range(len(pressed) - 1, 0, -1) if pressed[:end] in menu.keys), None)


def after_key(menu: MenuTree, digits: str, tries: int) -> MenuTarget | Again | GiveUp:
    """What follows when ``digits`` (empty: silence) were pressed in ``menu`` after ``tries`` failures."""
    if (target := menu.keys.get(digits)) is not None:
        return Again(None, tries) if target.kind is TargetKind.REPEAT else target
    if tries + 1 < menu.tries:
        return Again(Miss.WRONG_KEY if digits else Miss.SILENCE, tries + 1)
    return menu.otherwise or GiveUp()


def first_loop(menus: Mapping[str, MenuTree], start: str) -> list[str] | None:
    """The ids along a loop that a caller who presses nothing would walk for ever, or None.

    Keys may lead back to a menu, a person chooses that; only ``otherwise`` must come to an end.
    """
    path: list[str] = []
    current: str | None = start
    while current is not None and current in menus:
        if current in path:
            return [*path[path.index(current) :], current]
        path.append(current)
        way_out = menus[current].otherwise
        current = way_out.id if way_out and way_out.kind is TargetKind.MENU else None
    return None
