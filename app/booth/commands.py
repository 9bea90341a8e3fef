"""What the browser may ask of its booth: JSON, one object a message, each told by its ``do``."""

from datetime import UTC, datetime
from math import ceil
from typing import Annotated, Final, Literal

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError

from app.base.errors import Unprocessable
from app.base.problems.booth import BoothFault
from app.base.problems.requests import YearOutOfRange
from filters.attestation import Attestation
from routing.plan import Line

LONGEST_MESSAGE: Final = 4096
_YEARS: Final = range(2000, 2101)


class _Command(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class PlaceCall(_Command):
    """Call ``line`` (its id). ``caller`` is whatever a network may deliver, ``at`` the line's own clock or empty for now,
    ``label`` how the page names the call."""

    do: Literal["call"]
    caller: str = Field(max_length=200)
    line: str = Field(max_length=40)
    at: str = Field("", max_length=40)
    attestation: Attestation = Attestation.NONE
    name: str = Field("", max_length=200)
    label: str = Field("", max_length=200)


class Press(_Command):
    """Press keys in a call."""

    do: Literal["press"]
    call: str = Field(max_length=40)
    keys: str = Field(pattern=r"^[0-9*#]{1,8}$")


class HangUp(_Command):
    """The caller hangs up, or with ``who`` the person with this address does."""

    do: Literal["hang-up"]
    call: str = Field(max_length=40)
    who: str = Field("", max_length=200)


Behaviour = Literal["answers", "accepts", "voicemail", "busy", "silent"]


class Behave(_Command):
    """How the telephone at ``who`` behaves from now on."""

    do: Literal["behave"]
    who: str = Field(max_length=200)
    how: Behaviour


class ChangeSpeed(_Command):
    """Let telephone time pass that many times as fast."""

    do: Literal["speed"]
    times: Literal[1, 8]


Command = PlaceCall | Press | HangUp | Behave | ChangeSpeed
_COMMANDS: Final[TypeAdapter[Command]] = TypeAdapter(Annotated[Command, Field(discriminator="do")])


def read_command(text: str) -> Command:
    """The command in a message. Raises :class:`Unprocessable` naming the field."""
    try:
        return _COMMANDS.validate_json(text[:LONGEST_MESSAGE])
    except ValidationError as error:
        field = str(error.errors()[0]["loc"][-1]) if error.errors()[0]["loc"] else "do"
        raise Unprocessable(BoothFault.COMMAND_UNREADABLE, field=field) from None


def caller_text(text: str) -> str:
    """What the network shows as the caller. Raises :class:`Unprocessable` for what no network can carry."""
    try:
        text.encode()
    except UnicodeEncodeError:
        raise Unprocessable(BoothFault.CALLER_NOT_SENDABLE, field="caller") from None
    return text


def shift_to(at: str, line: Line, now: datetime) -> int:
    """How many seconds from ``now`` (aware) the moment ``at`` is, on the line's own clock; 0 for an empty one. Raises
    :class:`Unprocessable`."""
    if not at:
        return 0
    try:
        moment = datetime.fromisoformat(at)
    except ValueError:
        raise Unprocessable(BoothFault.TIME_UNREADABLE, field="at") from None
    if moment.year not in _YEARS:
        raise Unprocessable(YearOutOfRange(_YEARS[0], _YEARS[-1]), field="at")
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=line.zone)
    return ceil((moment.astimezone(UTC) - now).total_seconds())
