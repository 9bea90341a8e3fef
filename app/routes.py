"""Every router of the application, room by room: the one list to which a new resource or page is added."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from typing import Final

from fastapi import APIRouter, FastAPI
from starlette.routing import BaseRoute

from app.audio import hold_music
from app.booth import booth_page
from app.callbacks import callbacks_api, callbacks_page, note_api
from app.calls import (
    call_actions_api,
    calls_api,
    card_fields_api,
    explain_api,
    judge_page,
    judgements_api,
    log_page,
    test_number_page,
)
from app.clients import client_page, clients_api, erase_page, list_page, merge_page, offer_page, split_page
from app.clients.imports.imports import CLIENT_IMPORT_PAGES, CLIENT_IMPORTS
from app.company import (
    accounts,
    accounts_page,
    audio_page,
    by_hand_page,
    categories_page,
    client_fields_page,
    company,
    company_page,
    configuration_api,
    configuration_page,
    dictation_page,
    dictations_api,
    fallback_api,
    fallback_page,
    holidays_page,
    hours_page,
    line_by_hand,
    lines_page,
    menus_page,
    operator_presence,
    operators_page,
    overview_page,
    own_numbers_api,
    own_numbers_page,
    play_recordings,
    queues_page,
    rules_page,
    scripts_page,
    signatures_page,
    texts,
    texts_page,
    treatments_page,
)
from app.company.audio import AUDIO
from app.company.categories import CATEGORIES
from app.company.client_fields import CLIENT_FIELDS
from app.company.holidays import HOLIDAYS
from app.company.hours import HOURS
from app.company.lines import LINES
from app.company.menus import MENUS
from app.company.operators import OPERATORS
from app.company.queues import QUEUES
from app.company.rules import RULES
from app.company.scripts import SCRIPTS
from app.fake_queue import fake_queue_api, fake_queue_page, release_api
from app.first_run import setup_page
from app.health import routes as health
from app.lists import block_page, entry_page, review_page
from app.lists import list_page as lists_page
from app.lists.entries_api import BLACKLIST, VIPS
from app.lists.exports_api import BLACKLIST_EXPORT, VIP_EXPORT
from app.lists.imports import import_page
from app.lists.imports.imports_api import BLACKLIST_IMPORTS, VIP_IMPORTS
from app.lists.reach_api import BLACKLIST_REACH, VIP_REACH
from app.live import call_page, live_api, live_page, wall_page
from app.look_ups import look_ups_page
from app.look_ups.look_ups_api import LOOK_UPS
from app.matters import matters_api, matters_page
from app.panel import (
    after_call,
    call_moves,
    call_parts,
    empty_chairs,
    new_caller,
    offer_line,
    operator_panel,
    palette,
    pinned_note,
    who_it_was,
)
from app.panel.channel import stream
from app.people import (
    api_keys,
    api_keys_page,
    audit,
    audit_page,
    colleagues,
    forgot_page,
    invitations,
    link_page,
    my_access_page,
    my_settings,
    people_page,
    presence,
    reset_links,
    second_step_page,
    sign_in,
)
from app.people.users import USERS
from app.rehearsals import begin_page, rehearsals_api, rehearsals_page
from app.reports import report_page, reports_api
from app.sales import client_products_api, matrix_api, products_page, sales_api
from app.sales.imports.imports import SALE_IMPORT_PAGES, SALE_IMPORTS
from app.sales.products import PRODUCTS
from app.segments import borders_page, segments_api, segments_page, suggestions_api
from app.subscriptions import subscriptions_page
from app.subscriptions.subscriptions_api import SUBSCRIPTIONS
from app.voicemails import voicemails_api, voicemails_page
from app.web import api_description
from app.webhooks import webhooks_page
from app.webhooks.webhooks_api import WEBHOOKS

API: Final[tuple[APIRouter, ...]] = tuple(
    one.router
    for one in (
        VIP_EXPORT, BLACKLIST_EXPORT, VIP_REACH, BLACKLIST_REACH, VIP_IMPORTS, BLACKLIST_IMPORTS,
        VIPS, BLACKLIST, SUBSCRIPTIONS, CLIENT_IMPORTS, SALE_IMPORTS, sales_api, suggestions_api, segments_api,
        matrix_api, PRODUCTS, client_products_api, clients_api, CLIENT_FIELDS, CATEGORIES,
        SCRIPTS, LINES, line_by_hand,
        HOURS, HOLIDAYS, MENUS, QUEUES, RULES, OPERATORS, operator_presence,
        calls_api, call_actions_api, card_fields_api, note_api, judgements_api, release_api, callbacks_api, matters_api,
        voicemails_api, explain_api,
        rehearsals_api, fake_queue_api, reports_api, live_api, texts, AUDIO,
        dictations_api, fallback_api, company, configuration_api,
        accounts, own_numbers_api, api_keys, WEBHOOKS, LOOK_UPS, invitations, USERS, reset_links, audit,
    )
)  # fmt: skip
"""The REST API, in the order of its description."""

PAGES: Final[tuple[APIRouter, ...]] = (
    sign_in.router,
    setup_page.entrance,
    setup_page.router,
    second_step_page.router,
    forgot_page.router,
    link_page.router,
    operator_panel.router,
    empty_chairs.router,
    palette.router,
    presence.router,
    colleagues.router,
    new_caller.router,
    call_parts.router,
    after_call.router,
    call_moves.router,
    who_it_was.router,
    pinned_note.router,
    offer_line.router,
    list_page.router,
    CLIENT_IMPORT_PAGES.router,
    SALE_IMPORT_PAGES.router,
    merge_page.router,
    split_page.router,
    erase_page.router,
    offer_page.router,
    client_page.router,
    my_settings.router,
    by_hand_page.router,
    overview_page.router,
    company_page.router,
    treatments_page.router,
    accounts_page.router,
    own_numbers_page.router,
    dictation_page.router,
    signatures_page.router,
    webhooks_page.router,
    look_ups_page.router,
    api_keys_page.router,
    audit_page.router,
    my_access_page.router,
    people_page.router,
    fallback_page.router,
    configuration_page.router,
    fake_queue_page.router,
    report_page.router,
    segments_page.router,
    borders_page.router,
    *(
        one.PAGES.router
        for one in (
            lines_page,
            hours_page,
            holidays_page,
            menus_page,
            queues_page,
            operators_page,
            categories_page,
            scripts_page,
            client_fields_page,
            products_page,
            rules_page,
            subscriptions_page,
        )
    ),
    begin_page.router,
    rehearsals_page.router,
    texts_page.router,
    audio_page.PAGES.router,
    live_page.router,
    call_page.router,
    wall_page.router,
    wall_page.wall_router,
    log_page.router,
    judge_page.router,
    *(one.router for one in import_page.LIST_PAGES),
    lists_page.router,
    block_page.router,
    review_page.router,
    entry_page.router,
    callbacks_page.router,
    matters_page.router,
    voicemails_page.router,
    test_number_page.router,
    booth_page.router,
    booth_page.line_router,
)

ROUTERS: Final[tuple[APIRouter, ...]] = (
    health.router, *API, stream.router, *PAGES, hold_music.router, play_recordings.router, api_description.router,
)  # fmt: skip


ROUTES: Final[tuple[BaseRoute, ...]] = tuple(route for router in ROUTERS for route in router.routes)
"""What every application of this process has. FastAPI's ``include_router`` would work each of them out a second time, which
takes half a second, and keep all that until the process ends."""


@asynccontextmanager
async def parts_running(app: FastAPI) -> AsyncIterator[None]:
    """The routers' parts of start and stop."""
    async with AsyncExitStack() as running:
        for router in ROUTERS:
            await running.enter_async_context(router.lifespan_context(app))
        yield
