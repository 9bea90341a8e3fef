"""What the caller is doing now, as people at the panel need to know it: more than the call's own life, which has three
states only (:class:`routing.lifecycle.CallState`)."""

from enum import StrEnum

from app.event_log.open_calls import Ringing
from models import CallRecord
from routing.actions import Connect, Menu
from routing.lifecycle import CallState


class CardState(StrEnum):
    """The values of ``data-state`` (contract, Pages)."""

    MENU = "menu"
    WAITING = "waiting"
    RINGING = "ringing"
    ANSWERED = "answered"
    ENDED = "ended"


def card_state(call: CallRecord, ringing: Ringing) -> CardState:
    """Where the caller is. While a queue's call is being offered its telephones ring, whether or not the provider has said
    of each that it does."""
    match call.state:
        case CallState.ANSWERED:  # a call that is transferred rings once more
            return CardState.RINGING if ringing.phones or ringing.is_offered else CardState.ANSWERED
        case CallState.ENDED:
            return CardState.ENDED
    if ringing.phones or ringing.is_offered:
        return CardState.RINGING
    if call.queue_id is not None:
        return CardState.WAITING
    match call.action:
        case Connect.name:
            return CardState.RINGING
        case Menu.name:
            return CardState.MENU
        case _:
            return CardState.WAITING
