"""What every telephone is made with."""

from dataclasses import dataclass

import httpx

from app.telephone.reach import Reach


@dataclass(frozen=True, slots=True)
class Means:
    """``http`` holds the worker's connections, ``reach`` what it knows about the APIs. Calls go on at URLs below
    ``base_url``, our public one, and ``step_key`` signs them. ``twilio_api_url`` is where Twilio's API is."""

    http: httpx.AsyncClient
    reach: Reach
    base_url: str
    step_key: bytes
    twilio_api_url: str
