"""Somebody whom we have rung speaks a recording after the tone. The call is nobody's but ours: nothing of it is a call of
the log, and its sound is looked for at the provider afterwards (:mod:`app.company.fetch_dictations`)."""

from dataclasses import replace
from typing import Final

from app.answering.answers import Answer, HangUp, Record, Say
from app.answering.steps.moment import Moment
from routing.actions import Phrase
from routing.step import StepKind

LONGEST_SECONDS: Final = 180


async def dictate(moment: Moment) -> Answer:
    """Whoever was rung has picked up: a mailbox that does so is recorded too, and is heard before anybody plays it."""
    asked = (moment.build.phrase(Phrase.DICTATION),)
    then = replace(moment.step, kind=StepKind.DICTATED)
    return Record(asked, LONGEST_SECONDS, then, (moment.build.phrase(Phrase.VOICEMAIL),))


async def dictated(moment: Moment) -> Answer:
    """They have spoken, and are thanked unless they have hung up."""
    if moment.caller_has_gone:
        return HangUp()
    return Say((moment.build.phrase(Phrase.VOICEMAIL_TAKEN if moment.report.recording else Phrase.GOODBYE),))
