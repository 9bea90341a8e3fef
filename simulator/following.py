"""A line that follows documents of its own, until nothing is left or one side hangs up."""

from __future__ import annotations

from simulator.documents import Document, read_document
from simulator.errors import TwimlError
from simulator.execution import Execution, Place
from simulator.go_to import GoTo
from simulator.heard import Said
from simulator.interruptions import Redirected
from simulator.line import Line

APPLICATION_ERROR = "We are sorry. An application error has occurred. Goodbye."


class FollowingLine(Line):
    """What incoming calls, calls that the REST API makes, and legs that it takes out of their <Dial> have in common."""

    _has_fallen_back = False

    async def follow(self, execution: Execution, start: GoTo | Redirected) -> str:
        """Documents, redirections and the fallback, until the end; the final CallStatus. `execution` has the verbs."""
        following = start
        while True:
            try:
                here = following if isinstance(following, GoTo) else self._new_document(following)
                await execution.on(self, Place.CALL).run(here)
                self.check()
                return self._final_status()
            except Redirected as redirected:
                self.go_on()
                following = redirected
            except TwimlError as error:
                self.fail(error)
                self.check()
                fallback = self._fallback(error)
                if fallback is None:
                    return await self._application_error()
                following = fallback

    def _new_document(self, redirected: Redirected) -> GoTo | Document:
        if not redirected.twiml:
            return GoTo(redirected.url, redirected.method)
        root, ignored = read_document(redirected.twiml.encode(), "", self.company.provider.grammar)
        document = Document("", redirected.twiml, root, self.place, self.age, self.sid, "POST", {}, 0.0, ignored)
        self.documents.append(document)
        self.warnings.extend(ignored)
        return document

    def _fallback(self, error: TwimlError) -> GoTo | None:
        """The number's fallback URL, once; None when there is none or it was already used."""
        if self._has_fallen_back or not self.company.fallback_url:
            return None
        self._has_fallen_back = True
        return GoTo(self.company.fallback_url, self.company.method, self.company.provider.failed(error))

    async def _application_error(self) -> str:
        """Without a (working) fallback Twilio says so and hangs up (Twilio docs: availability-reliability)."""
        self.answer()
        with self.hearing(Said(APPLICATION_ERROR, "en-US", seconds=4.0)):
            await self.wait(4.0)
        return "completed"

    def _final_status(self) -> str:
        if self.answered_at is not None:
            return "completed"
        if self.rejected_for is not None:
            return "busy" if self.rejected_for == "busy" else "no-answer"
        if self.verbs_run == 0:
            self.answer()
            return "completed"
        return self.last_dial_status if self.last_dial_status in ("busy", "failed") else "no-answer"
