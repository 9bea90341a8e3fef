"""Calls to one line are told in nearly the same words: their ids and the caller differ, two dozen parameters do not. Of a
webhook in words that were read before, only what differs is read and checked, and put where it stands in what is signed.

What comes out is what :func:`app.providers.twiml.form.read_form`, :class:`app.providers.twiml.parameters.ReportReader` and
the signature make of the whole; whatever is unusual is left to them.
"""

import re
from dataclasses import dataclass, field
from typing import Final, NamedTuple

from app.answering.report import CallReport
from app.providers.twiml.form import decoded
from app.providers.twiml.parameters import ReportReader
from app.providers.twiml.signature import Parameters
from app.providers.twiml.signed_text import CALL_ID, may_hold_a_name

_VARYING: Final = re.compile(
    rb"&(Call(?:Sid|Token)|StirPassportToken|(?:Caller|From)(?==(?:%2B)?[0-9]{4,18}+(?:&|\Z)))=([^&]*+)"
)
"""A caller without a number is one of the words."""
_NUMBERS: Final = frozenset({"Caller", "From"})
_NUMBER: Final = re.compile(r"\+?[0-9]{4,18}", re.ASCII)
_CALL: Final = re.compile(CALL_ID, re.ASCII)
_KNOWN_AT_MOST: Final = 512

Words = tuple[bytes, ...]
"""A body without the values that vary: the pieces between them, and their names."""


class KnownForm(NamedTuple):
    """``report`` is what one in these words says. ``signed`` is what its parameters look like run together, with a
    place for each value that varies: the value of ``names[n]`` goes to ``places[n]``. ``call_id`` and ``caller`` are which
    of them these are; None for a caller without a number, who is the same in all."""

    report: CallReport
    signed: tuple[str, ...]
    names: tuple[str, ...]
    places: tuple[int, ...]
    call_id: int
    caller: int | None


@dataclass(slots=True)
class KnownForms:
    """What one process has read. Only what was signed gets in, and only when it comes for the second time, so that words
    which never come again cost little."""

    reader: ReportReader
    _forms: dict[Words, KnownForm] = field(default_factory=dict)
    _once: set[int] = field(default_factory=set)

    def read(self, body: bytes) -> tuple[CallReport, str] | None:
        """The facts in ``body`` and what is signed of it, if it comes in known words and its values are sound."""
        words, _, written_values = _taken_apart(body)
        form = self._forms.get(words)
        if form is None:
            return None
        values, signed = [], list(form.signed)
        for name, written, place in zip(form.names, written_values, form.places, strict=True):
            if written[:3] == b"%2B" and written[3:].isdigit() and len(written) < 20 and name in _NUMBERS:
                value = "+" + written[3:].decode()  # as nearly always, and nothing can hide in it
            else:
                value = decoded(written.decode("utf-8", "replace"))
                if not _says_only_itself(name, value):
                    return None
            values.append(value)
            signed[place] = value
        alike = form.report
        caller = alike[5] if form.caller is None else values[form.caller]
        own = alike[0], alike[1], values[form.call_id], alike[3], alike[4], caller
        report = CallReport._make(own + alike[len(own) :])  # half the time of naming all fields
        return report, "".join(signed)

    def remember(self, body: bytes, parameters: Parameters, report: CallReport) -> None:
        """``body``, which holds ``parameters``, was rightly signed and sound."""
        words, written_names, _ = _taken_apart(body)
        if hash(words) not in self._once:
            if len(self._once) >= _KNOWN_AT_MOST:
                self._once.clear()
            self._once.add(hash(words))
            return
        names = tuple(name.decode() for name in written_names)
        varying = {name: value for name, value in parameters if name in names}
        if "CallSid" not in names or [name for name, _ in parameters if name in names] != list(names):
            return  # one of them comes twice, or is written in some other way
        if not all(_says_only_itself(name, value) for name, value in varying.items()):
            return
        if report.callers or (report.call_id, report.caller) != (
            varying["CallSid"],
            varying.get("From", report.caller),
        ):
            return  # its own words leave a doubt
        if len(self._forms) >= _KNOWN_AT_MOST:
            self._forms.clear()
        signed, places = [""], {}
        for name, value in sorted(parameters):
            signed[-1] += name
            if name in names:
                places[name] = len(signed)
                signed += ["", ""]
            else:
                signed[-1] += value
        self._forms[words] = KnownForm(
            report,
            tuple(signed),
            names,
            tuple(places[name] for name in names),
            names.index("CallSid"),
            names.index("From") if "From" in names else None,
        )


def _says_only_itself(name: str, value: str) -> bool:
    """Whether the value can be put in the place of another without a change of any other fact."""
    if name in _NUMBERS:
        return _NUMBER.fullmatch(value) is not None
    return _CALL.fullmatch(value) is not None if name == "CallSid" else not may_hold_a_name(value)


def _taken_apart(body: bytes) -> tuple[Words, list[bytes], list[bytes]]:
    """The words, and the names and the written values of what varies, in their order."""
    pieces = _VARYING.split(b"&" + body)
    names = pieces[1::3]
    return (*pieces[::3], *names), names, pieces[2::3]
