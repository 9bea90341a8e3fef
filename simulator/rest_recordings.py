"""Recordings (Twilio OpenAPI: ListRecording, FetchRecording; the sound at the same address with .wav)."""

from __future__ import annotations

from email.utils import format_datetime

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from simulator.company import PhoneCompany
from simulator.recordings import Recording
from simulator.rest_requests import Refused, not_found
from simulator.rest_shapes import Shape, pages_of


async def list_recordings(request: Request, company: PhoneCompany) -> Response:
    query = dict(request.query_params)
    wanted = query.get("CallSid")
    found = [one for one in company.recordings.values() if wanted in (None, one.call_sid)]
    shapes = [_shape(one, company) for one in found]
    return JSONResponse(pages_of("recordings", shapes, request.url.path, query))


async def show_recording(request: Request, company: PhoneCompany) -> Response:
    return JSONResponse(_shape(_recording(request, company), company))


async def hand_out(request: Request, company: PhoneCompany) -> Response:
    """The sound, once it is there (404 until then, as with the recordings of a call that just ended)."""
    recording = _recording(request, company)
    if company.clock.monotonic() < recording.ready_at:
        raise Refused(404, 21501, "Resource not available", {"Retry-After": "1"})
    return Response(recording.wav(), media_type="audio/x-wav")


def _recording(request: Request, company: PhoneCompany) -> Recording:
    recording = company.recordings.get(request.path_params["sid"])
    if recording is None:
        raise not_found(request)
    return recording


def _shape(recording: Recording, company: PhoneCompany) -> Shape:
    is_ready = company.clock.monotonic() >= recording.ready_at
    return {
        "sid": recording.sid,
        "account_sid": company.account_sid,
        "call_sid": recording.call_sid,
        "duration": str(round(recording.seconds)) if is_ready else "-1",
        "channels": 1,
        "source": "RecordVerb",
        "status": "completed" if is_ready else "processing",
        "date_created": format_datetime(recording.made_at),
        "uri": company.provider.rest.path(company.account_sid, f"/Recordings/{recording.sid}"),
    }
