"""What each step of an incoming call costs: ``python -m benchmarks.steps``; with ``--profile``, where the time goes in
between. One call after the other in one process, without sockets and disk."""

import argparse
import asyncio
import contextlib
import tempfile
import timeit
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from typing import Any

from pyinstrument import Profiler
from starlette.types import Message, Receive, Scope, Send

from app.answering import answer_call as answering
from app.answering.incoming_record import incoming_fact
from app.answering.strangers import Strangers
from app.base.settings import Settings
from app.event_log.segment import as_short_line
from app.main import create_app
from app.providers.twilio.requests import READER
from app.providers.twiml.form import read_form
from app.providers.twiml.known_forms import KnownForms
from app.providers.twiml.signature import is_signed, run_together
from app.switchboard import Switchboard
from benchmarks.company import SECRET_KEY, database, open_company
from benchmarks.signed_calls import TOKEN, signed_calls
from routing.decision import decide

BASE_URL = "http://127.0.0.1:8000"
_TURNS = 5_000


def split(request: bytes) -> tuple[list[tuple[bytes, bytes]], bytes]:
    """Headers and body of a request as it is on the wire."""
    head, _, body = request.partition(b"\r\n\r\n")
    headers = [line.partition(b": ") for line in head.split(b"\r\n")[1:]]
    return [(name.lower(), value) for name, _, value in headers], body


def asgi(request: bytes) -> tuple[Scope, Receive, Send]:
    """The request as an ASGI server hands it over; the answer is dropped."""
    headers, body = split(request)
    scope = {
        "type": "http", "method": "POST", "path": "/twilio/voice", "raw_path": b"/twilio/voice", "query_string": b"",
        "headers": headers, "http_version": "1.1", "scheme": "http", "root_path": "", "client": None, "server": None,
    }  # fmt: skip

    async def receive() -> Message:
        return {"type": "http.request", "body": body, "more_body": False}

    async def send(_: Message) -> None:
        pass

    return scope, receive, send


@contextlib.asynccontextmanager
async def application(database_url: str, folder: Path) -> AsyncIterator[tuple[Any, Switchboard]]:
    """The application in this process, its journal on the memory's file system where there is one."""
    settings = Settings(
        database_url=database_url, data_dir=folder, secret_key=SECRET_KEY, public_base_url=BASE_URL, _env_file=None
    )
    app = create_app(settings)
    async with app.router.lifespan_context(app):
        yield app, app.state.switchboard


def steps(board: Switchboard, tenant: str, request: bytes) -> dict[str, Callable[[], object]]:
    """The steps of one call, each ready to be repeated."""
    headers, body = split(request)
    claimed = dict(headers)[b"x-twilio-signature"].decode()
    parameters = read_form(body)
    signed = run_together(parameters)
    report, now, plan = READER.read(parameters), board.clock(), board.live_plan.plan_of(tenant)
    if plan is None:
        raise LookupError("the company has no plan")
    call = answering.incoming_call(board, plan, report, now)
    decision = decide(call, plan, now)
    given = answering._first_answer(plan, call, decision, 1)

    known = KnownForms(READER)
    for _ in range(2):
        known.remember(body, parameters, report)

    strangers = Strangers()
    alike = strangers.decide(call, plan, now)

    def record() -> bytes:
        return as_short_line(incoming_fact(tenant, report, call, alike, given, now, strangers))

    def record_alone() -> bytes:
        return as_short_line(incoming_fact(tenant, report, call, decision, given, now))

    return {
        "read the form (26 parameters)": lambda: read_form(body),
        "check and take out the facts": lambda: READER.read(parameters),
        "run together what is signed": lambda: run_together(parameters),
        "in place of these three, in words that came before": lambda: known.read(body),
        "check the signature": lambda: is_signed(claimed, (BASE_URL,), "/twilio/voice", signed, (TOKEN,)),
        "read the caller ID": lambda: answering.incoming_call(board, plan, report, now),
        "decide, with the trace": lambda: decide(call, plan, now),
        "decide a stranger after another one in this minute": lambda: strangers.decide(call, plan, now),
        "make the record, as a line of the journal": record_alone,
        "make the record of such a stranger": record,
        "find the answer": lambda: answering._first_answer(plan, call, decision, 1),
    }


def microseconds(step: Callable[[], object]) -> float:
    """The best of five repetitions: whatever is slower was disturbed."""
    return min(timeit.repeat(step, number=_TURNS, repeat=5)) / _TURNS * 1e6


async def whole_calls(app: Any, first: int, count: int) -> float:
    """Microseconds of a call through the application, journal included, thirty-two at a time."""
    requests = [asgi(one) for one in signed_calls(f"{BASE_URL}/twilio/voice", first, count)]
    begun = timeit.default_timer()
    for at in range(0, count, 32):
        together: list[Awaitable[None]] = [app(*one) for one in requests[at : at + 32]]
        await asyncio.gather(*together)
    return (timeit.default_timer() - begun) / count * 1e6


async def measure(database_url: str, folder: Path, tenant: str, *, profile: bool) -> dict[str, float]:
    """All steps, and a whole call."""
    async with application(database_url, folder) as (app, board):
        found = {
            name: microseconds(step)
            for name, step in steps(board, tenant, signed_calls(f"{BASE_URL}/twilio/voice", 1, 1)[0]).items()
        }
        await whole_calls(app, 1_000_000, 3_200)
        profiler = Profiler(interval=0.0005, async_mode="disabled") if profile else None
        if profiler is not None:
            profiler.start()
        found["a whole call, with the journal and without sockets"] = await whole_calls(app, 2_000_000, 12_800)
        if profiler is not None:
            profiler.stop()
            print(profiler.output_text(show_all=True, color=False, unicode=True))
        return found


def main() -> None:
    """The command."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.steps", description=__doc__)
    parser.add_argument("--profile", action="store_true", help="print a profile of whole calls, too")
    asked = parser.parse_args()
    with database() as (database_url, _), tempfile.TemporaryDirectory() as folder:
        company = asyncio.run(open_company(database_url, 10_000))
        found = asyncio.run(measure(database_url, Path(folder), company.tenant, profile=asked.profile))
    for name, took in found.items():
        print(f"{took:7.1f} µs  {name}")


if __name__ == "__main__":
    main()
