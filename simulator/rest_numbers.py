"""The account's numbers and where their calls go (Twilio OpenAPI: ListIncomingPhoneNumber, UpdateIncomingPhoneNumber;
SignalWire: compatibility-api/rest/entities/incoming-phone-numbers)."""

from __future__ import annotations

from dataclasses import dataclass
from email.utils import format_datetime
from typing import Final

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from simulator.company import PhoneCompany
from simulator.own_number import OwnNumber
from simulator.rest_requests import Refused, form_of, is_absolute, not_found
from simulator.rest_shapes import Shape, pages_of


@dataclass(frozen=True)
class _Kind:
    """What a parameter sets, and what may stand in it."""

    attribute: str
    is_url: bool = False
    is_method: bool = False


_PARAMETERS: Final = {
    "FriendlyName": _Kind("friendly_name"),
    "VoiceUrl": _Kind("voice_url", is_url=True),
    "VoiceMethod": _Kind("voice_method", is_method=True),
    "VoiceFallbackUrl": _Kind("voice_fallback_url", is_url=True),
    "VoiceFallbackMethod": _Kind("voice_fallback_method", is_method=True),
    "StatusCallback": _Kind("status_callback", is_url=True),
    "StatusCallbackMethod": _Kind("status_callback_method", is_method=True),
    "VoiceApplicationSid": _Kind("voice_application_sid"),
    "TrunkSid": _Kind("trunk_sid"),
}
"""Those that concern calls. What else the resource has, this API does not know."""


async def list_numbers(request: Request, company: PhoneCompany) -> Response:
    """By PhoneNumber, if it is given: the whole of it."""
    query = dict(request.query_params)
    wanted = query.get("PhoneNumber")
    found = [one for one in company.numbers.values() if wanted in (None, one.number)]
    shapes = [_shape(one, company) for one in found]
    return JSONResponse(pages_of("incoming_phone_numbers", shapes, request.url.path, query))


async def show_number(request: Request, company: PhoneCompany) -> Response:
    return JSONResponse(_shape(_number(request, company), company))


async def change_number(request: Request, company: PhoneCompany) -> Response:
    """What is given, all of it or nothing."""
    number, form = _number(request, company), await form_of(request)
    for name, text in form.items():
        kind = _PARAMETERS.get(name)
        if kind is None:
            raise Refused(400, 20001, f"{name} is not known here.")
        if kind.is_url and text and not is_absolute(text):
            raise Refused(400, 21402, f"{name} {text!r} is not a valid URL.")
        if kind.is_method and text not in ("GET", "POST"):
            raise Refused(400, 21403, f"{name} {text!r} is not GET or POST.")
    for name, text in form.items():
        setattr(number, _PARAMETERS[name].attribute, text)
    return JSONResponse(_shape(number, company))


def _number(request: Request, company: PhoneCompany) -> OwnNumber:
    number = company.numbers.get(request.path_params["sid"])
    if number is None:
        raise not_found(request)
    return number


def _shape(number: OwnNumber, company: PhoneCompany) -> Shape:
    made = format_datetime(number.made_at)
    return {
        "sid": number.sid,
        "account_sid": company.account_sid,
        "friendly_name": number.friendly_name,
        "phone_number": number.number,
        "api_version": "2010-04-01",
        "capabilities": {"voice": number.takes_calls, "sms": True, "mms": False, "fax": False},
        "voice_url": number.voice_url,
        "voice_method": number.voice_method,
        "voice_fallback_url": number.voice_fallback_url,
        "voice_fallback_method": number.voice_fallback_method,
        "voice_caller_id_lookup": False,
        "voice_application_sid": number.voice_application_sid or None,
        "trunk_sid": number.trunk_sid or None,
        "status_callback": number.status_callback,
        "status_callback_method": number.status_callback_method,
        "address_requirements": "none",
        "beta": False,
        "date_created": made,
        "date_updated": made,
        "uri": company.provider.rest.path(company.account_sid, f"/IncomingPhoneNumbers/{number.sid}"),
    }
