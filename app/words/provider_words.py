"""What a provider cannot do, in words for whoever chooses it."""

from typing import assert_never

from app.base.language import gettext as _
from app.providers.capabilities import Lack


def lack_words(lack: Lack) -> str:
    """One sentence: what is missing, and what happens instead."""
    match lack:
        case Lack.BROWSER_PHONES:
            return _("Operators in a browser (client:…) are not rung; give them a telephone number or a SIP address.")
        case Lack.IN_TURN:
            return _("Operators who must press a key to accept are rung one at a time, not all in turn.")
        case Lack.UNANSWERED:
            return _("The call is answered, and billed, before an operator picks up.")
        case Lack.REJECT_AFTER_RINGING:
            return _("A caller whose treatment is to hear ringing gets the busy tone at once.")
        case Lack.HOLD_ROUNDS:
            return _("The fake queue is the provider's own music, or the busy tone.")
        case Lack.SIP_AMONG_OTHERS:
            return _("SIP telephones are rung in a round of their own, not together with numbers.")
        case Lack.ATTESTATION:
            return _("The provider does not tell whether the network vouches for a caller's number.")
        case Lack.RECORDS:
            return _("Voicemail is not recorded: callers hear that no message can be taken.")
        case Lack.QUEUE_RESULTS:
            return _(
                "Calls are transferred without a word first: the provider does not tell how a call has left a queue."
            )
        case Lack.BOOTH:
            return _("The phone booth cannot place calls: nobody but the provider can sign them.")
        case _:
            assert_never(lack)
