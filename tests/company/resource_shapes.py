"""What is needed to try every resource in the same way."""

from dataclasses import dataclass, field
from typing import Any, Final

from tests import cast

Fields = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Shape:
    """A resource: ``bodies`` make three rows of it, ``change`` is one field with a new value, ``twin`` a body that
    contradicts the first row, ``required`` the fields that a new row must have. ``q`` finds the first row alone.
    ``readers`` and ``writers`` are the roles that may. ``placed`` rows are listed by their place, all others newest
    first."""

    bodies: list[Fields]
    change: Fields
    twin: Fields | None
    required: tuple[str, ...]
    q: str = ""
    readers: tuple[str, ...] = ("operator", "supervisor", "admin")
    writers: tuple[str, ...] = ("admin",)
    hidden: tuple[str, ...] = field(default=())
    placed: bool = False


PASSWORD: Final = "a long password"
SHAPES: Final[dict[str, Shape]] = {
    "webhooks": Shape(
        [{"url": f"https://{name}.example/hook"} for name in ("crm", "desk", "log")], {"description": "CRM"}, None, ("url",),
        readers=("admin",), hidden=("sealed",),
    ),
    "look-ups": Shape(
        [{"url": f"https://{name}.example/who-calls"} for name in ("crm", "desk", "log")], {"description": "CRM"}, None,
        ("url",), readers=("admin",), hidden=("sealed", "sealed_token", "token"),
    ),
    "subscriptions": Shape(
        [{"name": name, "source": "file"} for name in ("Neighbours", "Fair", "Chamber")], {"treatment": "busy"}, None,
        ("name", "source"), readers=("admin",), hidden=("sealed",),
    ),
    "products": Shape(
        [{"name": "Tea"}, {"name": "Cake"}, {"name": "Jam"}], {"segments": ["A"]}, {"name": "Tea"}, ("name",), "ea",
        writers=("supervisor", "admin"),
    ),
    "queues": Shape(
        [{"name": "Orders"}, {"name": "Repairs"}, {"name": "Sales"}], {"announcement": "One moment."}, {"name": "Orders"},
        ("name",), "rder",
    ),
    "categories": Shape(
        [{"name": "Regulars"}, {"name": "Press"}, {"name": "Suppliers"}], {"priority": 7}, {"name": "Regulars"}, ("name",),
        "egul",
    ),
    "client-fields": Shape(
        [{"name": "Contract"}, {"name": "Birthday", "kind": "date"}, {"name": "Size", "kind": "choice", "choices": ["S"]}],
        {"position": 3}, {"name": "Contract"}, ("name",), "ntrac",
    ),
    "scripts": Shape(
        [{"name": name, "steps": {"fr": [{"title": "Saluer"}]}} for name in ("Livraison", "Retard", "Devis")],
        {"steps": {"fr": [{"title": "Saluer", "text": "Bonjour."}]}},
        {"name": "Livraison", "steps": {"en": [{"title": "Greet"}]}}, ("name", "steps"), "ivrais",
    ),
    "hours": Shape(
        [{"name": name, "days": {"monday": ["09:00-18:00"]}} for name in ("Office", "Evenings", "Weekend")],
        {"observes_holidays": False}, {"name": "Office", "days": {}}, ("name", "days"), "ffic",
    ),
    "holidays": Shape(
        [{"country": "FR", "subdivision": "57"}, {"day": "2026-12-24"}, {"day": "2026-12-31"}], {"name": "Closed"},
        {"country": "fr", "subdivision": "FR-57"}, (),
    ),
    "lines": Shape(
        [{"number": f"+3319900200{n}", "label": label} for n, label in enumerate(("Second", "Third", "Fourth"))],
        {"greeting": "Bonjour."}, {"number": "01 99 00 20 00", "label": "Again"}, ("number", "label"), "econ",
    ),
    "menus": Shape(
        [
            {"name": name, "prompts": {"fr": "Tapez 9."}, "keys": {"9": {"kind": "repeat"}}}
            for name in ("Accueil", "Ventes", "Atelier")
        ],
        {"tries": 2}, {"name": "Accueil", "prompts": {"fr": "x"}, "keys": {"9": {"kind": "repeat"}}},
        ("name", "prompts", "keys"), "ccue",
    ),
    "rules": Shape(
        [
            {"name": name, "when": {"country": code}, "do": {"action": "voicemail"}}
            for name, code in (("Spain", "ES"), ("Italy", "IT"), ("Malta", "MT"))
        ],
        {"state": "shadow"}, {"name": "Spain", "when": {"country": "ES"}, "do": {"action": "voicemail"}},
        ("name", "when", "do"), "pai", placed=True,
    ),
    "operators": Shape(
        [{"name": name, "address": f"sip:{name.lower()}@pbx.example"} for name in ("Olga", "Oscar", "Nina")],
        {"ring_seconds": 25}, {"name": "Another", "address": "SIP:olga@pbx.example"}, ("name", "address"), "lga@",
    ),
    "users": Shape(
        [{"email": f"{name}@example.org", "name": name.title(), "password": PASSWORD} for name in ("olga", "oscar", "nina")],
        {"language": "ru"}, {"email": "OLGA@example.org", "name": "Again", "password": PASSWORD},
        ("email", "name", "password"), "olga@", readers=("admin",), hidden=("password",),
    ),
    "accounts": Shape(
        [{"account_sid": "AC" + letter * 32, "token": "a-token-of-this-test", "space": "example"} for letter in "cde"],
        {"space": "another"}, {"account_sid": "AC" + "c" * 32, "token": "a-token-of-this-test"}, ("account_sid", "token"),
        readers=("admin",), hidden=("token", "next_token", "api_token"),
    ),
    "vip": Shape(
        [{"number": cast.VERA, "label": "Vera"}, {"number": cast.CLARA}, {"number": "+4420", "match": "prefix"}],
        {"reason": "Our oldest client"}, {"number": "06 39 98 00 01"}, ("number",), "980001",
        readers=("supervisor", "admin"), writers=("supervisor", "admin"),
    ),
    "blacklist": Shape(
        [{"number": cast.BORIS, "label": "Boris"}, {"number": cast.UMA}, {"number": "+4420", "match": "prefix"}],
        {"treatment": "busy"}, {"number": "06 39 98 00 02"}, ("number",), "980002",
        readers=("supervisor", "admin"), writers=("supervisor", "admin"),
    ),
    "clients": Shape(
        [{"name": name} for name in ("Clara", "Uma", "Vera")], {"about": "Wants chairs."}, None, ("name",), "lara",
        writers=("operator", "supervisor", "admin"),
    ),
}  # fmt: skip
"""Every resource whose rows are added, read, changed and deleted one by one."""
