"""Text that somebody would send to break us comes back as it went in, or is refused with a reason. Never a 5xx."""

import json
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests import cast
from tests.api import API, fault, made
from tests.office import Office

pytestmark = pytest.mark.anyio

STRINGS = (Path(__file__).parent.parent / "data" / "hostile_caller_strings.txt").read_text("utf-8").split("\n")
HOSTILE = [text for text in STRINGS if text]


async def test_labels_names_and_reasons_come_back_as_they_went_in(office: Office) -> None:
    assert len(HOSTILE) > 35
    for number, text in enumerate(HOSTILE):
        body = {"number": f"+3363998{number:04}", "label": text, "reason": text}
        entry = await office.api.post(f"{API}/blacklist", json=body)
        card = await office.api.post(f"{API}/clients", json={"name": text, "about": text, "numbers": [body["number"]]})
        if "\0" in text:
            assert fault(entry) == (422, "unprocessable", "label")
            assert fault(card) == (422, "unprocessable", "name")
            continue
        assert entry.status_code == card.status_code == 201, text
        read = (await office.api.get(entry.headers["Location"])).json()
        assert (read["label"], read["reason"]) == (text.strip(), text.strip())
        assert (await office.api.get(card.headers["Location"])).json()["name"] == text.strip()
        told = await office.api.post(f"{API}/explain", json={"from": body["number"], "to": cast.LINE})
        assert told.json()["matches"][0]["label"] == text.strip()


async def test_hostile_text_in_every_other_place_is_an_answer_and_no_crash(office: Office) -> None:
    attempts: list[tuple[str, dict[str, Any]]] = []
    for text in [*HOSTILE, "\ud800", "\U0010ffff", "x" * 5000]:
        attempts += [
            ("vip", {"number": text}),
            ("vip", {"number": cast.VERA, "lines": [text]}),
            ("lines", {"number": text, "label": text, "time_zone": text}),
            ("hours", {"name": text, "days": {text: [text]}}),
            ("holidays", {"country": text[:2], "name": text}),
            ("menus", {"name": text, "prompts": {"fr": text}, "keys": {text: {"kind": text}}}),
            ("operators", {"name": text, "address": text}),
            ("clients", {"name": "x", "category": text}),
            ("explain", {"from": text, "to": text, "at": text}),
            ("users", {"email": text, "name": text, "password": text}),
            ("vip", {text: text}),
        ]
    for resource, body in attempts:
        content = json.dumps(body).encode()  # a lone surrogate can be written in JSON, though in nothing else
        response = await office.api.post(
            f"{API}/{resource}", content=content, headers={"Content-Type": "application/json"}
        )
        assert response.status_code in {200, 201, 409, 422}, (resource, body)


async def test_hostile_text_in_addresses_finds_nothing(office: Office) -> None:
    for text in HOSTILE:
        for resource in ("vip", "clients", "calls", "api-keys"):
            response = await office.api.get(
                httpx.URL(f"{cast.BASE_URL}{API}/{resource}").copy_merge_params({"q": text})
            )
            assert response.status_code in {200, 422}
        response = await office.api.get(f"{API}/clients", params={"number": text})
        assert response.status_code in {200, 422}


@pytest.mark.parametrize(
    ("content", "status"),
    [
        (b"", 422),
        (b"{", 422),
        (b"[]", 422),
        (b"null", 422),
        (b"\xff\xfe", 422),
        (b'{"number": NaN}', 422),
        (b'{"number": ' + b"9" * 10_000 + b"}", 400),
        (b"[" * 100_000, 400),
        (b'{"number":"' + b"9" * 2_000_000 + b'"}', 413),
    ],
)
async def test_bodies_that_are_none(office: Office, content: bytes, status: int) -> None:
    headers = {"Content-Type": "application/json"}
    response = await office.api.post(f"{API}/vip", content=content, headers=headers)
    assert response.status_code == status
    if status != 413:  # that one comes from the framework, before anything of ours
        assert fault(response)[1]


async def test_audit_and_plan_keep_hostile_text_apart_from_their_own(office: Office) -> None:
    queue = await made(office, "queues", name="'; DROP TABLE queue;--")
    trail = (await office.api.get(f"{API}/audit", params={"row_id": queue["id"]})).json()["items"]
    assert trail[0]["after"]["name"] == "'; DROP TABLE queue;--"
