"""What is wrong is told in the language of the request, by programs' answers as well as by pages."""

import ast
import inspect
from collections.abc import AsyncIterator

import httpx
import pytest
from sqlalchemy.exc import TimeoutError as NoConnectionFree

from app.auth.roles import Role
from app.base import errors, limits
from app.base.errors import Problem
from app.company.queues import QUEUES
from app.words.translations.messages import APP
from tests import cast
from tests.api import API, fault, made, signed_in
from tests.office import Office

pytestmark = pytest.mark.anyio

NOT_FOUND = [("", "Not found."), ("fr-FR,en;q=0.5", "Introuvable."), ("es", "No encontrado."), ("ru", "Не найдено.")]


@pytest.mark.parametrize(
    ("languages", "words"),
    [
        *NOT_FOUND,
        ("de", "Not found."),
        ("en;q=0.5, fr ; q=0.9", "Introuvable."),
        ("de, ru;Q=0.7", "Не найдено."),
    ],
)
async def test_a_program_is_told_in_the_language_that_it_asks_for(office: Office, languages: str, words: str) -> None:
    headers = {"Accept-Language": languages} if languages else {}
    answer = await office.api.get(f"{API}/lines/nothing", headers=headers)
    assert (answer.status_code, answer.json()["code"], answer.json()["detail"]) == (404, "not-found", words)


@pytest.mark.parametrize(("languages", "words"), NOT_FOUND)
async def test_an_address_that_is_nowhere_is_told_in_the_language_too(
    office: Office, languages: str, words: str
) -> None:
    headers = {"Accept-Language": languages} if languages else {}
    assert (await office.api.get(f"{API}/nowhere", headers=headers)).json()["detail"] == words


@pytest.mark.parametrize(
    ("path", "body", "field", "words"),
    [
        ("vip", {"number": 5}, "number", "Ce doit être un texte."),
        ("vip", {}, "number", "C’est nécessaire."),
        ("vip", {"number": cast.VERA, "colour": "red"}, "colour", "Ce champ n’existe pas ici."),
        ("queues", {"name": " "}, "name", "Écrivez quelque chose ici."),
        ("queues", {"name": "Q", "max_waiting": "20"}, "max_waiting", "Ce doit être un nombre entier."),
        ("queues", {"name": "Q", "max_wait_seconds": 1}, "max_wait_seconds", "Pas moins de 10."),
        ("menus", {"name": "M", "prompts": {}, "keys": {}}, "prompts", "Il en faut au moins 1."),
        ("menus", {"name": "M", "prompts": {"fr": "x"}, "keys": {"a": {"kind": "repeat"}}}, "keys.a",
         "Une à quatre touches du téléphone : chiffres, * et #."),
        ("rules", {"name": "R", "when": {"calls": {"at_least": 3}}, "do": {"action": "reject"}}, "when.calls.within_minutes",
         "C’est nécessaire."),
        ("blacklist", {"number": cast.BORIS, "treatment": "shout"}, "treatment", "Choisissez parmi : 'fake_queue'"),
        ("products", {"name": "P", "segments": ["best"]}, "segments", "Choisissez parmi : A"),
        ("vip", {"number": cast.VERA, "treatment": "allow"}, "treatment", "Ce champ n’existe pas ici."),
        ("vip", {"number": cast.VERA, "expires_at": "9999-12-31T23:59:59Z"}, "expires_at", "Écrivez un moment"),
        ("queues", {"name": "\u200b"}, "name", "Écrivez quelque chose ici."),
        ("vip", {"number": cast.VERA, "expires_at": "soon"}, "expires_at", "Écrivez-le comme 2026-12-31T18:00:00Z"),
    ],
)  # fmt: skip
async def test_a_field_is_told_in_the_language_too(
    office: Office, path: str, body: dict[str, object], field: str, words: str
) -> None:
    answer = await office.api.post(f"{API}/{path}", json=body, headers={"Accept-Language": "fr"})
    told = {one["field"]: one["detail"] for one in answer.json()["errors"]}
    assert answer.status_code == 422
    assert told[field].startswith(words), told


async def test_an_id_with_a_nul_is_nobody_s(office: Office) -> None:
    restored = await office.api.post(f"{API}/clients/a%00/restore")
    assert fault(restored)[:2] == (404, "not-found")
    async with signed_in(office, Role.ADMIN) as adam:
        assert (await adam.get("/settings/webhooks/a%00")).status_code == 404
        assert (await adam.post("/clients/gone/a%00/undo")).status_code == 404


async def test_whoever_has_no_key_is_told_in_the_language_too(office: Office) -> None:
    answer = await office.api.get(f"{API}/lines", headers={"Authorization": "", "Accept-Language": "fr"})
    assert answer.status_code == 401
    assert answer.json()["detail"].startswith("Connectez-vous")


async def test_a_wrong_method_has_its_own_code(office: Office) -> None:
    answer = await office.api.put(f"{API}/explain")
    assert (answer.status_code, answer.json()["code"]) == (405, "method-not-allowed")
    assert answer.headers["Allow"] == "POST"


async def test_a_wrong_method_is_told_every_right_one(office: Office) -> None:
    for path, methods in (
        ("vip", "GET, POST"), ("vip/x", "GET, PUT, PATCH, DELETE"), ("queues/x/", "GET, PATCH, DELETE"),
        ("calls/x/block", "POST"), ("company", "GET, PATCH"), ("texts/closed/fr", "GET, PUT, DELETE"),
        ("vip/export", "GET"), ("callbacks/ring", "POST"),
    ):  # fmt: skip
        answer = await office.api.request("TRACE", f"{API}/{path}")
        assert fault(answer)[:2] == (405, "method-not-allowed")
        assert answer.headers["Allow"] == methods, path


async def test_an_address_with_a_slash_at_its_end_is_the_same(office: Office) -> None:
    vera = await office.api.post(f"{API}/vip/", json={"number": cast.VERA})
    assert (vera.status_code, vera.headers["Location"]) == (201, f"{API}/vip/{vera.json()['id']}")
    assert (await office.api.get(vera.headers["Location"] + "/")).json()["number"] == cast.VERA
    assert (await office.api.get("/health/live/")).status_code == 200
    for path in (f"{API}/vip//", f"{API}/nowhere/", "/nowhere/", "/static/", "/api/v1/"):
        answer = await office.api.get(path)
        assert (answer.status_code, "Location" in answer.headers) == (404, False), path


async def test_a_fault_of_ours_is_a_problem_too(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    def break_down(_: object) -> None:
        raise RuntimeError("a fault")

    monkeypatch.setattr(QUEUES, "shown", break_down)
    await office.add_queue("Orders")
    transport = httpx.ASGITransport(office.app, raise_app_exceptions=False)
    headers = dict(office.api.headers) | {"Accept-Language": "fr"}
    async with httpx.AsyncClient(transport=transport, base_url=cast.BASE_URL, headers=headers) as program:
        answer = await program.get(f"{API}/queues")
        assert fault(answer)[:2] == (500, "internal-error")
        assert "RuntimeError" not in answer.text
        assert answer.headers["X-Content-Type-Options"] == "nosniff"


@pytest.mark.parametrize("lost", [ConnectionRefusedError(), TimeoutError(), NoConnectionFree()])
async def test_a_database_that_is_away_is_no_fault_of_the_request(
    office: Office, monkeypatch: pytest.MonkeyPatch, lost: Exception
) -> None:
    def refuse(_: object) -> None:
        raise lost

    monkeypatch.setattr(QUEUES, "shown", refuse)
    await office.add_queue("Orders")
    answer = await office.api.get(f"{API}/queues")
    assert fault(answer)[:2] == (503, "unavailable")
    assert int(answer.headers["Retry-After"]) > 0


async def test_a_body_that_is_none_and_one_that_is_too_large_are_problems(office: Office) -> None:
    json_type = {"Content-Type": "application/json"}
    path = f"{API}/queues"
    assert fault(await office.api.post(path, content=b'{"name": "\xff"}', headers=json_type))[:2] == (
        400,
        "bad-request",
    )
    assert fault(await office.api.post(path, content=b"{", headers=json_type))[:2] == (422, "unprocessable")
    large = b'{"name": "' + b"x" * limits.BODY_BYTES + b'"}'
    assert fault(await office.api.post(path, content=large, headers=json_type))[:2] == (413, "too-large")

    file = {"file": ("a.csv", b"1", "text/csv")}
    assert fault(await office.api.post(path, files=file))[:2] == (415, "unsupported-media-type")

    async def in_parts() -> AsyncIterator[bytes]:
        yield large

    assert fault(await office.api.post(path, content=in_parts(), headers=json_type))[:2] == (413, "too-large")


async def test_a_browser_is_shown_a_page_and_a_program_never(office: Office) -> None:
    browser = {"Accept": "text/html,*/*;q=0.8"}
    page = await office.api.get("/nowhere", headers=browser)
    assert (page.status_code, page.headers["Content-Type"]) == (404, "text/html; charset=utf-8")
    assert fault(await office.api.get("/nowhere"))[:2] == (404, "not-found")
    assert fault(await office.api.get(f"{API}/nowhere", headers=browser))[:2] == (404, "not-found")


async def test_the_code_the_field_and_the_members_are_the_same_in_every_language(office: Office) -> None:
    await office.add_vip()
    body = {"number": cast.VERA}
    english = await office.api.post(f"{API}/blacklist", json=body)
    russian = await office.api.post(f"{API}/blacklist", json=body, headers={"Accept-Language": "ru"})
    assert fault(english) == fault(russian) == (409, "listed-as-vip", "number")
    assert english.json()["entry"] == russian.json()["entry"]
    assert english.json()["detail"] != russian.json()["detail"]


async def test_the_warnings_of_an_entry_are_in_the_language_of_the_request(office: Office) -> None:
    body = {"number": "+33199", "match": "prefix"}
    saved = await office.api.post(f"{API}/blacklist", json=body, headers={"Accept-Language": "es"})
    assert [one.partition(";")[0] for one in saved.json()["warnings"]] == [
        "cubre 1 número protegido (+33 1 99 00 10 00)"
    ]


async def test_a_retry_gets_the_very_same_answer_whatever_language_it_asks_for(office: Office) -> None:
    body, key = {"number": "+33199", "match": "prefix"}, {"Idempotency-Key": "once"}
    first = await office.api.post(f"{API}/blacklist", json=body, headers=key)
    again = await office.api.post(f"{API}/blacklist", json=body, headers=key | {"Accept-Language": "es"})
    assert again.headers["Idempotent-Replay"] == "true"
    assert again.json() == first.json()


async def test_who_uses_it_is_told_with_the_refusal(office: Office) -> None:
    hours = await made(office, "hours", name="Office", days={"monday": ["09:00-12:00"]})
    line = (await office.api.get(f"{API}/lines")).json()["items"][0]
    assert (await office.api.patch(f"{API}/lines/{line['id']}", json={"hours_id": hours["id"]})).status_code == 200
    refused = await office.api.delete(f"{API}/hours/{hours['id']}", headers={"Accept-Language": "fr"})
    assert (refused.status_code, refused.json()["code"]) == (409, "in-use")
    assert refused.json()["used_by"] == [{"resource": "lines", "id": line["id"], "name": line["label"]}]
    assert refused.json()["detail"].startswith("Encore utilisé par")


def test_no_problem_is_raised_with_a_sentence() -> None:
    kinds = {name for name, one in inspect.getmembers(errors, inspect.isclass) if issubclass(one, Problem)}
    sentences = [
        f"{path.relative_to(APP)}:{call.lineno}"
        for path in APP.rglob("*.py")
        for call in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(call, ast.Call)
        and isinstance(call.func, ast.Name)
        and call.func.id in kinds
        and call.args
        and (
            isinstance(call.args[0], ast.Constant | ast.JoinedStr)
            or (isinstance(call.args[0], ast.Call) and getattr(call.args[0].func, "id", "") in {"_", "gettext", "str"})
        )
    ]
    assert sentences == []


@pytest.mark.parametrize(
    ("address", "status"), [("/lists/review", 404), ("/setup/nothing", 404), ("/settings/lines?deleted=many", 422)]
)
async def test_whoever_types_an_address_wrongly_gets_a_page(office: Office, address: str, status: int) -> None:
    async with signed_in(office, Role.ADMIN) as adam:
        answer = await adam.get(address, headers={"Accept": "text/html"})
    assert (answer.status_code, answer.headers["content-type"].partition(";")[0]) == (status, "text/html")
