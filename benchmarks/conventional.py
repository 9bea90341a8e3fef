"""The usual way, for comparison: a FastAPI route that parses the form, checks it with the provider's SDK, looks the caller
up with SQLAlchemy, stores the call and builds the answer with the SDK's builder. Nothing in it is slow on purpose.

``DATABASE_URL`` and ``BASE_URL`` come from the environment; the tables are those of the service.
"""

import os
import uuid
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import Annotated

from fastapi import Depends, FastAPI, HTTPException, Request, Response
from sqlalchemy import Column, DateTime, MetaData, String, Table, select
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker
from twilio.request_validator import RequestValidator
from twilio.twiml.voice_response import VoiceResponse

from app.base.database import create_engine
from benchmarks.signed_calls import TOKEN
from models import BlacklistEntry

engine = create_engine(os.environ["DATABASE_URL"])
sessions = async_sessionmaker(engine, expire_on_commit=False)
validator = RequestValidator(TOKEN)
url = os.environ["BASE_URL"] + "/twilio/voice"
calls = Table(
    "conventional_call", MetaData(), Column("id", String, primary_key=True), Column("call_id", String),
    Column("caller", String), Column("answer", String), Column("at", DateTime(timezone=True)),
)  # fmt: skip


@asynccontextmanager
async def lifespan(_: FastAPI) -> AsyncIterator[None]:
    """A table of its own for the calls."""
    async with engine.begin() as connection:
        await connection.run_sync(calls.metadata.create_all)
    yield
    await engine.dispose()


app = FastAPI(lifespan=lifespan, docs_url=None, redoc_url=None, openapi_url=None)


async def session() -> AsyncIterator[AsyncSession]:
    """A session a request."""
    async with sessions() as opened:
        yield opened


@app.post("/twilio/voice")
async def voice(request: Request, db: Annotated[AsyncSession, Depends(session, scope="function")]) -> Response:
    """Check, look up, store, answer."""
    form = {name: str(value) for name, value in (await request.form()).items()}
    if not validator.validate(url, form, request.headers.get("X-Twilio-Signature", "")):
        raise HTTPException(403)
    found = await db.scalar(
        select(BlacklistEntry).where(BlacklistEntry.match == "exact", BlacklistEntry.number == form["From"]).limit(1)
    )
    answer = VoiceResponse()
    if found is not None:
        answer.play("/audio/hold-music.wav")
        answer.redirect("/twilio/step/wait")
    else:
        answer.enqueue("Reception", wait_url="/twilio/step/wait", action="/twilio/step/left")
    document = str(answer)
    row = {"id": uuid.uuid4().hex, "call_id": form["CallSid"], "caller": form["From"], "answer": document}
    await db.execute(calls.insert().values(**row, at=datetime.now(UTC)))
    await db.commit()
    return Response(document, media_type="text/xml")


@app.get("/alive")
async def alive() -> str:
    """Ready to be measured."""
    return "alive"
