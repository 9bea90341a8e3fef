"""The demo's company: a furniture maker in Paris with a VIP, an unwanted caller, clients, hours, a menu and a queue.

All numbers are from the ranges that ARCEP keeps for fiction (decision 2018-0881), so nobody real is named.
"""

import secrets
from dataclasses import dataclass

from sqlalchemy import select

from app.auth.passwords import hash_password
from app.auth.roles import Role
from app.company.fallback_exports import export_fallback
from app.demo.sample_categories import CONVERSATIONS
from app.edits.edit import Edit, editing
from app.people.set_up_company import CompanyForm, NewCompany, set_up_company
from app.people.users import USERS
from app.plan.rows import as_row
from app.switchboard import Switchboard
from models import (
    BlacklistEntry,
    CategoryRule,
    ClientCard,
    ClientField,
    ClientNumber,
    Company,
    HolidayRecord,
    LineRecord,
    MenuRecord,
    OpeningHours,
    OperatorRecord,
    QueueRecord,
    VipEntry,
)

LINE = "+33199001000"
VERA = "+33639981001"
BORIS = "+33639981002"
CLARA = "+33639981003"
UMA = "+33639981004"
MARTIN = "+33639981090"
OLGA = "+33639981091"
OSCAR = "client:oscar"
SPAM_PREFIX = "+33162"
OLGA_EMAIL = "olga@atelier-nord.example"


@dataclass(frozen=True, slots=True)
class SampleCompany:
    """What the demo has to know: the company's keys, the provider account that signs its calls, and the password of its
    operator."""

    company: NewCompany
    account_sid: str
    auth_token: str
    olga_password: str


async def set_up_sample_company(board: Switchboard) -> SampleCompany:
    """Make the company and everything in it."""
    account_sid, auth_token = "AC" + secrets.token_hex(16), secrets.token_hex(16)
    form = CompanyForm(
        "Atelier Nord", LINE, "FR", "Europe/Paris", "fr", account_sid, auth_token, "adam@atelier-nord.example"
    )
    company = await set_up_company(board.sessions, board.secret_box, form)
    async with editing(board.sessions, company.tenant, "demo") as edit:
        await _furnish(edit, company)
        await _let_olga_in(edit, password := secrets.token_urlsafe(9))
        # As if it were in the provider's console: a newcomer has other things to look at first.
        await export_fallback(
            edit.session, await edit.session.get_one(Company, company.tenant), None, "demo", board.clock()
        )
    await board.live_plan.catch_up()
    return SampleCompany(company, account_sid, auth_token, password)


async def _let_olga_in(edit: Edit, password: str) -> None:
    """The operator on the telephone is one on the panel too."""
    mine = select(OperatorRecord.id).where(OperatorRecord.tenant_id == edit.tenant_id, OperatorRecord.name == "Olga")
    person = {
        "email": OLGA_EMAIL, "name": "Olga", "role": Role.OPERATOR.value, "password_hash": hash_password(password),
        "operator_id": await edit.session.scalar(mine),
    }  # fmt: skip
    await USERS.save(edit, person)


async def _furnish(edit: Edit, company: NewCompany) -> None:
    tenant = company.tenant
    orders = await edit.record_added(QueueRecord(tenant_id=tenant, name="Commandes"))
    weekday = ["09:00-12:30", "14:00-18:00"]
    hours = await edit.record_added(
        OpeningHours(
            tenant_id=tenant,
            name="Atelier",
            days=dict.fromkeys(("monday", "tuesday", "wednesday", "thursday", "friday"), weekday),
        )
    )
    await edit.record_added(HolidayRecord(tenant_id=tenant, name="Jours fériés", country="FR"))
    workshop = await edit.record_added(
        MenuRecord(
            tenant_id=tenant,
            name="Atelier",
            prompts={
                "fr": "Pour une réparation, tapez 1. Pour nos horaires, tapez 2.",
                "en": "For a repair, press 1. For our opening hours, press 2.",
            },
            keys={
                "1": {"kind": "queue", "id": company.queue_id, "label": "Réparation"},
                "2": {
                    "kind": "message",
                    "label": "Horaires",
                    "text": "Nous vous accueillons du lundi au vendredi, de neuf heures à midi et demi "
                    "et de quatorze à dix-huit heures.",
                },
            },
            otherwise={"kind": "queue", "id": company.queue_id},
        )
    )
    menu = await edit.record_added(
        MenuRecord(
            tenant_id=tenant,
            name="Accueil",
            prompts={
                "fr": "Pour passer une commande, tapez 1. Pour l'atelier, tapez 2. Sinon, ne quittez pas.",
                "en": "To place an order, press 1. For the workshop, press 2. Otherwise, please hold.",
            },
            keys={
                "1": {"kind": "queue", "id": orders["id"], "label": "Commandes"},
                "2": {"kind": "menu", "id": workshop["id"], "label": "Atelier"},
            },
            otherwise={"kind": "queue", "id": company.queue_id},
            tries=2,
        )
    )
    queues = [company.queue_id, orders["id"]]
    people: dict[str, str] = {}
    for name, address, fields in (
        ("Martin", MARTIN, {"management": True, "confirm": True, "ring_seconds": 18, "queue_ids": []}),
        ("Olga", OLGA, {"position": 1, "queue_ids": queues}),
        ("Oscar", OSCAR, {"position": 2, "queue_ids": queues}),
    ):
        row = await edit.record_added(OperatorRecord(tenant_id=tenant, name=name, address=address, **fields))
        people[name] = row["id"]
    await edit.record_added(
        VipEntry(
            tenant_id=tenant,
            match="exact",
            number=VERA,
            label="Vera Fournier",
            reason="Commande l'hôtel entier",
            created_by="demo",
        )
    )
    await edit.record_added(
        BlacklistEntry(
            tenant_id=tenant, match="exact", number=BORIS, label="Boris", reason="Menaces répétées", created_by="demo"
        )
    )
    await edit.record_added(
        BlacklistEntry(
            tenant_id=tenant,
            match="prefix",
            number=SPAM_PREFIX,
            label="Démarchage (préfixe ARCEP)",
            treatment="busy",
            created_by="demo",
        )
    )
    trade = await edit.record_added(
        CategoryRule(
            tenant_id=tenant,
            name="Revendeur",
            queue_id=orders["id"],
            priority=50,
            greeting="Bonjour, ravis de vous entendre.",
            responsible_first=True,
            word="Remise revendeur",
            colour="amber",
            required_treatment="Demander le numéro de revendeur avant de parler de prix.",
            guidance={
                "opening": "Demander des nouvelles de la dernière livraison.",
                "avoid": "Les prix publics.",
                "offer": "La pose à demi-tarif jusqu'à fin janvier.",
            },
        )
    )
    await edit.record_added(CategoryRule(tenant_id=tenant, name="Particulier", word="Prendre le temps", colour="blue"))
    for one in CONVERSATIONS:
        await edit.record_added(
            CategoryRule(
                tenant_id=tenant, name=one.name, word=one.word, colour=one.colour,
                guidance={"opening": one.opening, "avoid": one.avoid, "offer": one.offer},
            )
        )  # fmt: skip
    contract = await edit.record_added(
        ClientField(tenant_id=tenant, name="Numéro de revendeur", kind="text", position=0)
    )
    await edit.record_added(
        ClientCard(
            tenant_id=tenant,
            name="Vera Fournier",
            company="Hôtel Fournier · Lyon",
            about="40 chambres, livraison en mars",
            pinned_note="Parle vite, décide vite. Jamais à la comptabilité.",
            numbers=[ClientNumber(tenant_id=tenant, number=VERA)],
        )
    )
    await edit.record_added(
        ClientCard(
            tenant_id=tenant,
            name="Clara Petit",
            company="Maison Petit",
            category_id=trade["id"],
            about="Commande 1042, en cours",
            pinned_note="Préfère être rappelée après 17 h",
            emails=["clara@maison-petit.example"],
            tags=["salon 2026"],
            responsible_operator_id=people["Olga"],
            fields={contract["id"]: "R-1042"},
            numbers=[ClientNumber(tenant_id=tenant, number=CLARA)],
        )
    )
    line = await edit.session.get_one(LineRecord, {"tenant_id": tenant, "id": company.line_id})
    before = as_row(line)
    line.label, line.greeting = "Ligne principale", "Atelier Nord, bonjour."
    line.hours_id, line.menu_id, line.queue_id = hours["id"], menu["id"], company.queue_id
    await edit.record_changed(line, before)
