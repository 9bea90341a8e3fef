"""The JSON of the REST API for calls, queues and members (source: Twilio OpenAPI, api v2010)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from email.utils import format_datetime
from typing import Any
from urllib.parse import urlencode

from simulator.company import PhoneCompany
from simulator.line import Line
from simulator.waiting_line import Member, WaitingLine

Shape = dict[str, Any]


def call_json(line: Line) -> Shape:
    """A call, or a dialled party's leg."""
    provider, account = line.company.provider, line.company.account_sid
    path = f"/Calls/{line.sid}"
    shape = {
        "sid": line.sid,
        "account_sid": account,
        "parent_call_sid": line.root.sid if line.root is not line else None,
        "phone_number_sid": None,
        "from": line.caller,
        "from_formatted": line.caller,
        "to": line.to,
        "to_formatted": line.to,
        "status": line.state,
        "direction": line.direction,
        "caller_name": line.facts.get("CallerName"),
        "forwarded_from": line.facts.get("ForwardedFrom"),
        "answered_by": None,
        "start_time": _time(line, line.answered_at),
        "end_time": _time(line, line.ended_at),
        "duration": str(line.answered_seconds) if line.is_over else None,
        "date_created": _time(line, line.began),
        "date_updated": format_datetime(line.clock.now()),
        "price": None,
        "price_unit": "USD",
        "queue_time": "0",
        "trunk_sid": None,
        "group_sid": None,
        "annotation": None,
        "api_version": "2010-04-01",
        "uri": provider.rest.path(account, path),
        "subresource_uris": {
            "recordings": provider.rest.path(account, f"{path}/Recordings"),
            "events": provider.rest.path(account, f"{path}/Events"),
        },
    }
    return provider.rest_call(shape)


def queue_json(queue: WaitingLine, company: PhoneCompany) -> Shape:
    rest, account = company.provider.rest, company.account_sid
    path = f"/Queues/{queue.sid}"
    shape = {
        "sid": queue.sid,
        "account_sid": account,
        "friendly_name": queue.name,
        "current_size": len(queue.members),
        "max_size": queue.max_size,
        "average_wait_time": queue.average_wait,
        "date_created": format_datetime(queue.created_at),
        "date_updated": format_datetime(queue.clock.now()),
        "uri": rest.path(account, path),
        "subresource_uris": {"members": rest.path(account, f"{path}/Members")},
    }
    return company.provider.rest_queue(shape)


def member_json(member: Member, company: PhoneCompany) -> Shape:
    queue, call = member.queue.sid, member.line.sid
    return {
        "queue_sid": queue,
        "call_sid": call,
        "position": member.position,
        "wait_time": member.waited,
        "date_enqueued": format_datetime(member.enqueued_at),
        "uri": company.provider.rest.path(company.account_sid, f"/Queues/{queue}/Members/{call}"),
    }


def page_of(key: str, items: list[Shape], path: str) -> Shape:
    """Everything on one page."""
    return {
        key: items,
        "page": 0,
        "page_size": max(50, len(items)),
        "start": 0,
        "end": max(0, len(items) - 1),
        "uri": path,
        "first_page_uri": path,
        "next_page_uri": None,
        "previous_page_uri": None,
    }


def pages_of(key: str, items: list[Shape], path: str, query: Mapping[str, str]) -> Shape:
    """The page that `query` asks for (Page, from 0; PageSize, at most 1000), and where the next one is."""
    size, number = min(1000, int(query.get("PageSize", "50"))), int(query.get("Page", "0"))
    first = number * size
    there = items[first : first + size]

    def uri(page: int) -> str:
        token = {"PageToken": f"PA{page}"} if page else {}
        return f"{path}?{urlencode({**query, 'PageSize': str(size), 'Page': str(page), **token})}"

    return {
        key: there,
        "page": number,
        "page_size": size,
        "start": first,
        "end": first + max(0, len(there) - 1),
        "uri": uri(number),
        "first_page_uri": uri(0),
        "next_page_uri": uri(number + 1) if first + size < len(items) else None,
        "previous_page_uri": uri(number - 1) if number else None,
    }


def _time(line: Line, monotonic: float | None) -> str | None:
    if monotonic is None:
        return None
    moment: datetime = line.clock.now() + timedelta(seconds=monotonic - line.clock.monotonic())
    return format_datetime(moment)
