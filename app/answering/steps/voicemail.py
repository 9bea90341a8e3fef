"""A caller has left a message. Nothing here leads to a person."""

from app.answering.answer_call import is_blocked
from app.answering.answers import Answer, Say
from app.answering.steps.moment import Moment
from app.event_log.records import FactKind
from routing.actions import Phrase


async def recorded(moment: Moment) -> Answer:
    """Note the recording; it is fetched later. Whoever has hung up hears nothing more, everybody else is thanked."""
    report = moment.report
    if report.recording:
        # The box of a blacklisted caller is one of which nobody is told.
        unheard = is_blocked(moment.call, moment.plan, moment.as_of)
        told: dict[str, object] = {
            "recording": report.recording, "seconds": report.recording_seconds, "provider": report.provider,
            "unheard": unheard,
        }  # fmt: skip
        if moment.step.booth:
            told["booth"] = True
        await moment.record(FactKind.VOICEMAIL_RECEIVED, told, report.recording)
    if moment.caller_has_gone:
        return await moment.end()
    return Say((moment.build.phrase(Phrase.VOICEMAIL_TAKEN if report.recording else Phrase.GOODBYE),))
