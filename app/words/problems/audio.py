"""What is wrong with a recording that callers are to hear, in words."""

from typing import assert_never

from app.base.language import gettext as _
from app.base.language import ngettext
from app.base.problems.audio import AudioEndsBefore, AudioFault, AudioProblem, AudioTooLarge, AudioTooLong, AudioTooMany


def audio_words(cause: AudioProblem) -> str:
    """One sentence."""
    match cause:
        case AudioFault():
            return _fault_words(cause)
        case AudioTooLong(minutes):
            return ngettext(
                "The recording is longer than %(num)s minute; shorten it.",
                "The recording is longer than %(num)s minutes; shorten it.",
                minutes,
            )
        case AudioTooLarge(megabytes):
            return _("The file is larger than %(megabytes)s MB; save it as MP3 and try again.", megabytes=megabytes)
        case AudioTooMany(limit):
            return _("There are %(limit)s recordings, which is all that a company can have; delete one.", limit=limit)
        case AudioEndsBefore(size):
            return _("The sound has %(size)s bytes; ask for some of these.", size=size)
        case _:
            assert_never(cause)


def _fault_words(cause: AudioFault) -> str:
    match cause:
        case AudioFault.EMPTY:
            return _("The file is empty.")
        case AudioFault.NOT_AUDIO:
            return _("This is no sound file that can be read; save it as WAV, MP3, OGG, FLAC or M4A.")
        case AudioFault.DAMAGED:
            return _("The sound file is damaged or not complete; save it again and upload that.")
        case AudioFault.PROTECTED:
            return _("The sound file is protected against copying; record it anew without protection.")
        case AudioFault.SILENT:
            return _("Nothing can be heard in this file; check the microphone and record it again.")
        case AudioFault.TOO_BUSY:
            return _("Too many files are being converted just now; try again in a minute.")
        case AudioFault.FILE_MISSING:
            return _("Choose a sound file to upload.")
        case AudioFault.UNKNOWN:
            return _("There is no recording of this id.")
        case AudioFault.SAYS_A_NUMBER:
            return _("This sentence says a number that is different for every caller; it has to be words.")
        case AudioFault.NO_LINE:
            return _("The company has no line yet, and whoever is rung has to see a number; add one.")
        case AudioFault.NAME_USED:
            return _("There is a recording of this name already; choose another one.")
        case AudioFault.NOT_BY_TELEPHONE:
            return _(
                "No provider of your lines can record here: its account needs a key for the REST API. Upload a file."
            )
        case AudioFault.NOBODY_RUNG:
            return _("The provider has rung nobody.")
        case AudioFault.NOBODY_SPOKE:
            return _("Nobody picked up, or nobody spoke after the tone.")
        case _:
            assert_never(cause)
