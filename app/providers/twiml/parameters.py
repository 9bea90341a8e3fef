"""A request's parameters become a report here; nothing deeper ever sees a form field name.

A rightly signed request is always read, whatever its parameters hold: providers add names without notice, browser phones
send any they like, and callers choose their own name. What is malformed or doubtful costs the fact that it would have been,
never the answer.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Final

from app.answering.booth_ticket import BOOTH_PARAMETER
from app.answering.report import CallReport
from app.base.text import display_text
from app.providers.twiml.signature import Parameters, run_together
from app.providers.twiml.signed_text import CALL_ID, Facts, facts_in
from filters.attestation import Attestation

_COUNT: Final = re.compile(r"[0-9]{0,7}", re.ASCII)
_WORD: Final = re.compile(r"[a-z\-]{0,30}", re.ASCII)
_CALL: Final = re.compile(f"({CALL_ID})?", re.ASCII)
COMMON_FORMS: Final = {
    "CallSid": _CALL,
    "ParentCallSid": _CALL,
    "CallStatus": _WORD,
    "DialCallStatus": _WORD,
    "DialBridged": re.compile(r"(true|false)?", re.ASCII),
    "QueueResult": _WORD,
    "QueueTime": _COUNT,
    "CallDuration": _COUNT,
    "SequenceNumber": _COUNT,
    "Digits": re.compile(r"[0-9*#]{0,32}|hangup", re.ASCII),
    BOOTH_PARAMETER: re.compile(r"[0-9a-f.\-]{0,64}", re.ASCII),
    "RecordingDuration": _COUNT,
    "RecordingUrl": re.compile(r"[!-~]{0,400}", re.ASCII),
}
"""What facts look like, whoever of this dialect sends them. A value of another form is none."""
_LONGEST_ADDRESS: Final = 1024


@dataclass(frozen=True, slots=True)
class ReportReader:
    """Reads the parameters of one provider. ``forms`` are the forms of values by their name, ``attestation_of`` takes out
    how far the network vouches for the number. ``run_together``: the signature is made over names and values without
    separators. ``name_parameter`` is what holds the caller's name.
    """

    provider: str
    attestation_of: Callable[[Mapping[str, str]], Attestation]
    forms: Mapping[str, re.Pattern[str]] = field(default_factory=lambda: COMMON_FORMS)
    name_parameter: str = "CallerName"
    run_together: bool = True

    def read(self, parameters: Parameters, signed: str | None = None) -> CallReport:
        """What ``parameters`` report; ``signed`` is their signed text where it was made already."""
        received = dict(parameters)
        if not self.run_together:
            return self.read_as_split(parameters)
        return self._report(facts_in(run_together(parameters) if signed is None else signed, received), received)

    def read_as_split(self, parameters: Parameters) -> CallReport:
        """The same where the borders between parameters are signed too. Of a name that comes twice the last value counts."""
        received = dict(parameters)
        values = {name: value for name, value in received.items() if self._is_of_its_form(name, value)}
        values["CallSid"] = values.get("CallSid") or facts_in("", received).values["CallSid"]
        return self._report(Facts(values), received)

    def _is_of_its_form(self, name: str, value: str) -> bool:
        form = self.forms.get(name)
        return form is None or form.fullmatch(value) is not None

    def _report(self, facts: Facts, received: Mapping[str, str]) -> CallReport:
        values = facts.values
        connected = values.get("DialBridged")
        return CallReport(
            provider=self.provider,
            account=received.get("AccountSid", ""),
            call_id=values["CallSid"],
            parent_call_id=values.get("ParentCallSid", ""),
            status=values.get("CallStatus", ""),
            caller=values.get("From", "")[:_LONGEST_ADDRESS],
            called=values.get("To", "")[:_LONGEST_ADDRESS],
            caller_name=display_text(received.get(self.name_parameter, "")[:_LONGEST_ADDRESS]),
            attestation=self.attestation_of(values),
            keys=values.get("Digits", ""),
            ring_result=values.get("DialCallStatus", ""),
            connected=connected == "true" if connected else None,
            queue_result=values.get("QueueResult", ""),
            queue_seconds=int(values.get("QueueTime") or 0),
            sequence=values.get("SequenceNumber", ""),
            duration=int(values["CallDuration"]) if values.get("CallDuration") else None,
            booth=values.get(BOOTH_PARAMETER, ""),
            forwarded_from=values.get("ForwardedFrom", ""),
            callers=facts.callers,
            recording=values.get("RecordingUrl", "").rpartition("/")[2],
            recording_seconds=int(values.get("RecordingDuration") or 0),
        )
