"""What starts and stops with a worker."""

import asyncio
import contextlib
import secrets
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Final

import asyncpg
import httpx
import structlog

from app.answering.fill_gaps import fill_gaps_for_ever
from app.answering.offer_calls import OfferCalls
from app.answering.sweep_lost_calls import sweep_every_minute
from app.audio.sounds import Sounds
from app.base.clock import Clock
from app.base.database import create_engine, session_maker
from app.base.one_of_all import OneOfAll
from app.base.secrets_at_rest import SecretBox, derive
from app.base.settings import Settings
from app.callbacks.derive_callbacks import derive_callbacks
from app.calls.sweep_card_fields import sweep_card_fields_every_hour
from app.clients.late_facts import ErasedNumbers
from app.company.fetch_dictations import keep_dictations
from app.company.keep_recordings import keep_recordings
from app.company.refused_webhooks import keep_refused_webhooks
from app.edits.edit import PLAN_CHANNEL
from app.event_log.call_store import EVENT_CHANNEL
from app.event_log.feed import Feed
from app.event_log.journal import Journal
from app.event_log.notifications import listen
from app.event_log.open_calls import OpenCalls
from app.event_log.records import CallFact
from app.event_log.shipper import Shipper
from app.look_ups.ask import Asker
from app.look_ups.ask_callers import AskLookUps
from app.mail.mailer import Mailer
from app.matters.derive_marks import derive_marks
from app.panel.channel.prepared import PreparedEvents
from app.plan.keep_plan import PlanKeeper
from app.plan.live_plan import LivePlan
from app.plan.number_builder import NumberBuilder
from app.providers.registry import PROVIDERS
from app.rehearsals.rehearse import end_rehearsals
from app.segments.keep_segments import keep_segments
from app.subscriptions.renew_daily import RenewSubscriptions
from app.switchboard import Switchboard
from app.telephone.means import Means
from app.telephone.reach import Reach
from app.telephone.telephones import Telephones
from app.voicemails.derive_voicemails import derive_voicemails
from app.voicemails.fetch_voicemails import keep_voicemails
from app.webhooks.deliver import DeliverWebhooks
from app.webhooks.note_deliveries import NoteDeliveries

_END_SECONDS: Final = 1.0
LOOK_UPS_LOCK: Final = 0x616E746C
"""The lock that the worker holds which asks other programs who calls."""
OFFERS_LOCK: Final = 0x616E7470
"""The lock that the worker holds which offers calls; a number like any other."""
SUBSCRIPTIONS_LOCK: Final = 0x616E7473
"""The lock that the worker holds which renews lists of others."""
WEBHOOKS_LOCK: Final = 0x616E7477
"""The lock that the worker holds which delivers webhooks."""
_END_ATTEMPTS: Final = 10
_CALLS_FIRST_SECONDS: Final = 3

log = structlog.get_logger(__name__)


@asynccontextmanager
async def running_switchboard(settings: Settings, clock: Clock) -> AsyncIterator[Switchboard]:
    """A worker's switchboard with everything that runs beside the requests. ``settings.database_url`` must be set; the
    database need not answer yet."""
    if settings.database_url is None:
        raise ValueError("a database must have been started or named")
    worker_id = secrets.token_hex(6)
    engine = create_engine(settings.database_url)
    secret_box = SecretBox(settings.key)
    open_calls = OpenCalls()
    plan_hint = asyncio.Event()
    feed = Feed(engine, open_calls, clock)
    dsn = settings.database_url
    live_plan = LivePlan(engine, dsn, settings.data_dir, worker_id, clock, secret_box.decrypt)
    open_calls.held_time.zone_of = live_plan.zone_of
    plan_keeper = PlanKeeper(live_plan, NumberBuilder(dsn, settings.data_dir), settings.data_dir)
    shipper_wake = asyncio.Event()
    journal = Journal(settings.data_dir / "journal" / worker_id, settings.journal_deadline_ms / 1000, shipper_wake.set)
    shipper = Shipper(dsn, journal, feed.hint.set, shipper_wake, derive=_Derive(ErasedNumbers.of(settings.key)))
    # As many connections as operators who act in the same second: more would only wait at the provider.
    http = httpx.AsyncClient(limits=httpx.Limits(max_connections=40, max_keepalive_connections=10))
    step_key = derive(settings.key, "steps")
    means = Means(http, Reach(clock), settings.base_url, step_key, settings.twilio_api_url)
    board = Switchboard(
        settings=settings,
        clock=clock,
        worker_id=worker_id,
        engine=engine,
        sessions=session_maker(engine),
        secret_box=secret_box,
        step_key=step_key,
        pin_key=derive(settings.key, "VIP PINs"),
        live_plan=live_plan,
        journal=journal,
        shipper=shipper,
        feed=feed,
        open_calls=open_calls,
        telephones=Telephones(live_plan, {name: one.telephone for name, one in PROVIDERS.items()}, means),
        offers_turn=OneOfAll(dsn, OFFERS_LOCK),
        sounds=Sounds(settings.data_dir),
        mail=Mailer.of(settings),
    )
    journal.open()
    await live_plan.start()
    if live_plan.stale_since is None:  # else it would only wait for the same database; it is taken up on the way
        await feed.start()
    # None of these may use asyncio.wait_for: before Python 3.12 it can swallow a cancellation (python/cpython#86296).
    tasks = [
        asyncio.create_task(listen(dsn, {PLAN_CHANNEL: plan_hint, EVENT_CHANNEL: feed.hint}), name="notifications"),
        asyncio.create_task(live_plan.follow(plan_hint), name="live plan"),
        asyncio.create_task(plan_keeper.run(), name="plan keeper"),
        asyncio.create_task(feed.follow(), name="feed"),
        asyncio.create_task(shipper.run(), name="shipper"),
        asyncio.create_task(board.telephones.watch(), name="telephones"),
        asyncio.create_task(_later(sweep_every_minute, board), name="sweep"),
        asyncio.create_task(_later(sweep_card_fields_every_hour, board), name="sweep of card fields"),
        asyncio.create_task(_later(keep_voicemails, board), name="voicemails"),
        asyncio.create_task(_later(keep_recordings, board), name="recordings"),
        asyncio.create_task(_later(keep_dictations, board), name="dictations"),
        asyncio.create_task(_later(fill_gaps_for_ever, board), name="gaps"),
        asyncio.create_task(_later(keep_refused_webhooks, board), name="refused webhooks"),
        asyncio.create_task(_later(keep_segments, board), name="segments"),
    ]
    webhooks = DeliverWebhooks(board, OneOfAll(dsn, WEBHOOKS_LOCK), NoteDeliveries(board, PreparedEvents(board)))
    if settings.deliver_webhooks:
        tasks.append(asyncio.create_task(webhooks.run(), name="webhooks"))
    subscriptions = RenewSubscriptions(board, OneOfAll(dsn, SUBSCRIPTIONS_LOCK))
    if settings.renew_subscriptions:
        tasks.append(asyncio.create_task(subscriptions.run(), name="subscriptions"))
    asker = Asker(secret_box, allow_private=settings.allow_private_targets)
    look_ups = AskLookUps(board, OneOfAll(dsn, LOOK_UPS_LOCK), asker)
    if settings.ask_look_ups:
        tasks.append(asyncio.create_task(look_ups.run(), name="look-ups"))
    if settings.offer_calls:
        tasks.append(asyncio.create_task(OfferCalls(board, board.offers_turn).run(), name="offers"))
    for task in tasks:
        task.add_done_callback(_report_early_end)
    log.info("worker.started", worker=worker_id)
    try:
        yield board
    finally:
        await _cancel(tasks)
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(_END_SECONDS):
                await end_rehearsals()
        board.offers_turn.drop()
        webhooks.turn.drop()
        subscriptions.turn.drop()
        look_ups.turn.drop()
        await journal.close()
        # A database that hangs must not hold up the end: what was not shipped is in the journal.
        for end in (board.mail.close, shipper.close, live_plan.stop, engine.dispose, http.aclose):
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(_END_SECONDS):
                    await end()
        log.info("worker.stopped", worker=worker_id)


@dataclass(frozen=True, slots=True)
class _Derive:
    """What follows from new facts, each room's own."""

    erased: ErasedNumbers

    async def __call__(self, connection: asyncpg.Connection, new: Sequence[CallFact]) -> list[CallFact]:
        """Further facts; whoever was erased meanwhile leaves none."""
        following = [
            *await derive_callbacks(connection, new),
            *await derive_voicemails(connection, new),
            *await derive_marks(connection, new),
        ]
        await self.erased.forget(connection, new)
        return following


async def _later(keep: Callable[[Switchboard], Awaitable[None]], board: Switchboard) -> None:
    """What a worker keeps in order can wait until it has begun to answer calls."""
    await asyncio.sleep(_CALLS_FIRST_SECONDS)
    await keep(board)


async def _cancel(tasks: list[asyncio.Task[None]]) -> None:
    """End ``tasks``. While the database hangs a cancellation can get lost in its driver (seen with the feed), so they are
    told until they hear it; and a worker must end even if one never does."""
    for _ in range(_END_ATTEMPTS):
        for task in tasks:
            task.cancel()
        _, running = await asyncio.wait(tasks, timeout=0.5)
        if not running:
            return
    log.error("worker.ends_all_the_same", running=[task.get_name() for task in running])


def _report_early_end(task: asyncio.Task[None]) -> None:
    if not task.cancelled() and (error := task.exception()) is not None:
        log.error("task.died", task=task.get_name(), exc_info=error)
