"""How far the network vouches for a number, in words, and what is doubtful about a VIP because of it."""

from typing import assert_never

from app.base.language import gettext as _
from filters.attestation import Attestation
from filters.vip import Doubt


def attestation_words(attestation: Attestation) -> str:
    """What the network says about the number; empty where it says nothing."""
    match attestation:
        case Attestation.FULL:
            return _("full attestation (A)")
        case Attestation.PARTIAL:
            return _("partial attestation (B)")
        case Attestation.GATEWAY:
            return _("gateway attestation (C)")
        case Attestation.FAILED:
            return _("attestation failed")
        case Attestation.NONE:
            return ""
        case _:
            assert_never(attestation)


def doubt_words(doubt: Doubt) -> str:
    """Why a VIP's identity is unconfirmed: a part of a sentence."""
    match doubt:
        case Doubt.FAILED_VALIDATION:
            return _("the network says that the number may be forged")
        case Doubt.GATEWAY_ONLY:
            return _("the network knows only the gateway that the call came through (attestation C)")
        case Doubt.NOT_FULLY_ATTESTED:
            return _("the network does not fully vouch for the number (no attestation A)")
        case Doubt.ODD_SPELLING:
            return _("the number is not written as networks write one")
        case _:
            assert_never(doubt)
