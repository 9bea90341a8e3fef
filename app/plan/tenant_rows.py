"""One tenant's rows in memory, and the plan made of them. A change replaces one row and only what hangs on it."""

from collections import defaultdict
from dataclasses import dataclass, field, replace
from datetime import datetime

from app.plan import build_plan
from app.plan.rows import Row
from filters.caller import CallerLists
from filters.clients import ClientIndex
from filters.entries import EntryIndex
from models import BlacklistEntry, ClientCard, Company, VipEntry
from routing.plan import RoutingPlan

_LISTS = {VipEntry.__tablename__: "vip", BlacklistEntry.__tablename__: "blacklist"}


@dataclass(slots=True)
class TenantRows:
    """``rows`` by subject (table name) and id. ``plan`` is always the one that the rows describe."""

    tenant_id: str
    rows: dict[str, dict[str, Row]] = field(default_factory=lambda: defaultdict(dict))
    lists: CallerLists = field(default_factory=CallerLists)
    plan: RoutingPlan | None = None

    def index_lists(self) -> None:
        """Build the indexes of both lists and the clients from all rows: once, after loading."""
        self.lists = CallerLists(
            vip=EntryIndex.of(build_plan.list_entry(row) for row in self.rows[VipEntry.__tablename__].values()),
            blacklist=EntryIndex.of(
                build_plan.list_entry(row) for row in self.rows[BlacklistEntry.__tablename__].values()
            ),
            clients=ClientIndex.of(build_plan.client(row) for row in self.rows[ClientCard.__tablename__].values()),
        )

    def apply(self, subject: str, row_id: str, row: Row | None) -> None:
        """Put ``row`` in the place of what ``row_id`` was; None deletes it. The plan is not rebuilt here."""
        before = self.rows[subject].pop(row_id, None)
        if row is not None:
            self.rows[subject][row_id] = row
        if name := _LISTS.get(subject):
            index: EntryIndex = getattr(self.lists, name)
            if before is not None:
                index = index.without_entry(build_plan.list_entry(before))
            if row is not None:
                index = index.with_entry(build_plan.list_entry(row))
            self.lists = replace(self.lists, vip=index) if name == "vip" else replace(self.lists, blacklist=index)
        elif subject == ClientCard.__tablename__:
            old = build_plan.client(before) if before is not None else None
            clients = self.lists.clients
            if row is not None:
                clients = clients.with_client(build_plan.client(row), before=old)
            elif old is not None:
                clients = clients.without_client(old)
            self.lists = replace(self.lists, clients=clients)

    def rebuild(self, revision: int, now: datetime) -> None:
        """Make the plan of ``revision`` from the rows."""
        company = self.rows[Company.__tablename__].get(self.tenant_id)
        if company is None:
            self.plan = None
            return
        lines = [build_plan.line(row) for row in self.rows["line"].values()]
        operators = [build_plan.operator(row) for row in self.rows["operator"].values()]
        own = {line.number for line in lines} | {
            one.leg.address for one in operators if one.leg.address.startswith("+")
        }
        self.plan = RoutingPlan(
            tenant_id=self.tenant_id,
            company=company["name"],
            revision=revision,
            lines={line.number: line for line in lines},
            lists=self.lists,
            categories={row["id"]: build_plan.category(row) for row in self.rows["category"].values()},
            hours={row["id"]: build_plan.week_hours(row) for row in self.rows["opening_hours"].values()},
            calendar=build_plan.calendar(self.rows["holiday"].values(), now.year),
            menus={row["id"]: build_plan.menu(row) for row in self.rows["menu"].values()},
            queues={row["id"]: build_plan.queue(row) for row in self.rows["queue"].values()},
            operators={one.leg.operator_id: one for one in operators},
            protected=frozenset(own) | frozenset(company["protected"]),
            treatments=build_plan.treatments(company),
            phrases=build_plan.phrases(self.rows["phrase"].values()),
        )
