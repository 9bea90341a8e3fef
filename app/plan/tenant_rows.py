"""One tenant's rows in memory, and the plan made of them. A change replaces one row and only what hangs on it."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Final
from zoneinfo import ZoneInfo

from app.plan import build_plan
from app.plan.change import Change
from app.plan.client_texts import ClientTexts
from app.plan.number_files import NumberFile
from app.plan.rows import Row
from filters.caller import CallerLists
from filters.clients import ClientIndex
from filters.entries import EntryIndex, ListEntry
from filters.number_index import is_indexed
from filters.subscribed_numbers import SubscribedNumbers
from filters.subscription import SubscriptionState
from models import BlacklistEntry, ClientCard, Company, SubscriptionRecord, VipEntry
from routing.plan import RoutingPlan, countries_of

LISTS: Final = {VipEntry.__tablename__: "vip", BlacklistEntry.__tablename__: "blacklist"}
"""The lists: table, and name among the :class:`filters.caller.CallerLists`."""


@dataclass(slots=True)
class TenantRows:
    """``rows`` by subject (table name) and id. ``plan`` is always the one that the rows describe.

    Of a long list the exact entries are in its number file (``numbers``, by subject) instead of in ``rows``; those that
    came or changed since then are rows. ``changed`` has the version of the last change of every entry that has changed
    since its number file was made or, without one, since ``loaded``, the version that was loaded from the database.
    ``subscribed`` has the numbers of each list of others, by the subscription, with the generation that they are of.
    """

    tenant_id: str
    loaded: int = 0
    rows: dict[str, dict[str, Row]] = field(default_factory=lambda: defaultdict(dict))
    numbers: dict[str, NumberFile] = field(default_factory=dict)
    changed: dict[str, dict[str, int]] = field(default_factory=lambda: defaultdict(dict))
    lists: CallerLists = field(default_factory=CallerLists)
    plan: RoutingPlan | None = None
    client_texts: ClientTexts = field(default_factory=ClientTexts)
    subscribed: dict[str, tuple[str, SubscribedNumbers]] = field(default_factory=dict)

    def index_lists(self) -> None:
        """Build the indexes of both lists and the clients from all rows: once, after loading."""
        for subject in LISTS:
            self._index_list(subject)
        clients = ClientIndex.of(build_plan.client(row) for row in self.rows[ClientCard.__tablename__].values())
        self.lists = replace(self.lists, clients=clients)

    def weight(self, subject: str) -> int:
        """How many entries of a list weigh on every worker's own memory, because no number file has them as they are."""
        index: EntryIndex = getattr(self.lists, LISTS[subject])
        return max(len(index.exact), len(self.changed[subject]))

    def may_take(self, subject: str, as_of: int) -> bool:
        """Whether a number file of the version ``as_of`` is newer than what the list is served from, so that every change
        after it is known."""
        file = self.numbers.get(subject)
        return as_of > file.as_of if file is not None else as_of >= self.loaded

    def apply(self, changes: Iterable[Change], numbers: dict[str, NumberFile]) -> None:
        """Apply ``changes``, in order; ``numbers`` are the files that changes in bulk name, by generation. The plan is not
        rebuilt here."""
        edits: dict[str, list[tuple[ListEntry | None, ListEntry | None]]] = defaultdict(list)
        for change in changes:
            if change.generation is not None:
                if (file := numbers.get(change.generation)) is not None:
                    edits.pop(change.subject, None)
                    self.take_numbers(change.subject, file)
                continue
            before = self.rows[change.subject].pop(change.row_id, None)
            if change.row is not None:
                self.rows[change.subject][change.row_id] = change.row
            if change.subject in LISTS:
                self.changed[change.subject][change.row_id] = change.version
                edits[change.subject].append((_entry(before), _entry(change.row)))
            elif change.subject == ClientCard.__tablename__:
                self._apply_client(before, change.row)
        for subject, changed in edits.items():
            index: EntryIndex = getattr(self.lists, LISTS[subject])
            superseded = self.changed[subject] if subject in self.numbers else ()
            self._set_list(subject, index.with_changes(changed, superseded))

    def take_numbers(self, subject: str, file: NumberFile) -> None:
        """From now on ``file`` has the exact entries of the list, but for those that changed after its version."""
        later = {row_id: version for row_id, version in self.changed[subject].items() if version > file.as_of}
        self.rows[subject] = {
            row_id: row
            for row_id, row in self.rows[subject].items()
            if row_id in later or not is_indexed(row["match"], row["number"])
        }
        self.numbers[subject], self.changed[subject] = file, later
        self._index_list(subject)

    def not_subscribed_yet(self) -> list[tuple[str, str]]:
        """The subscriptions whose present content is not here, with its generation."""
        return [
            (row["id"], row["generation"])
            for row in self.rows[SubscriptionRecord.__tablename__].values()
            if row["generation"] and self.subscribed.get(row["id"], ("",))[0] != row["generation"]
        ]

    def rebuild(self, revision: int, now: datetime) -> None:
        """Make the plan of ``revision`` from the rows."""
        self._take_subscriptions()
        company = self.rows[Company.__tablename__].get(self.tenant_id)
        if company is None:
            self.plan = None
            return
        lines = [build_plan.line(row) for row in self.rows["line"].values()]
        operators = [build_plan.operator(row, ZoneInfo(company["time_zone"])) for row in self.rows["operator"].values()]
        treatments = build_plan.treatments(company)
        own = {line.number for line in lines} | {
            one.leg.address for one in operators if one.leg.address.startswith("+")
        }
        for_all, by_line = build_plan.calendars(self.rows["holiday"].values(), now.year)
        self.plan = RoutingPlan(
            tenant_id=self.tenant_id,
            company=company["name"],
            revision=revision,
            lines={line.number: line for line in lines},
            lists=self.lists,
            categories={
                row["id"]: build_plan.category(row, company["language"]) for row in self.rows["category"].values()
            },
            hours={row["id"]: build_plan.week_hours(row) for row in self.rows["opening_hours"].values()},
            calendar=for_all,
            calendars=by_line,
            menus={row["id"]: build_plan.menu(row) for row in self.rows["menu"].values()},
            queues={row["id"]: build_plan.queue(row, company["language"]) for row in self.rows["queue"].values()},
            operators={one.leg.operator_id: one for one in operators},
            protected=frozenset(own) | frozenset(company["protected"]),
            treatments=treatments,
            language=company["language"],
            zone=ZoneInfo(company["time_zone"]),
            phrases=build_plan.phrases(self.rows["phrase"].values()),
            rules=build_plan.rules(self.rows["rule"].values(), company["language"]),
            recordings={row["id"]: build_plan.recording(row) for row in self.rows["audio"].values()},
            pins={row["id"]: row["sealed"] for row in self.rows["vip_pin"].values()},
            countries=countries_of(lines, treatments),
        )

    def _take_subscriptions(self) -> None:
        """Look at the lists of others that are not off: at what there was before, while what is new is not here yet."""
        rows = self.rows[SubscriptionRecord.__tablename__]
        self.subscribed = {row_id: known for row_id, known in self.subscribed.items() if row_id in rows}
        found = (
            build_plan.subscription(row, self.subscribed[row_id][1])
            for row_id, row in sorted(rows.items())
            if row["generation"] and row_id in self.subscribed
        )
        looked_at = tuple(one for one in found if one.state is not SubscriptionState.OFF and len(one.numbers))
        if looked_at != self.lists.subscriptions:
            self.lists = replace(self.lists, subscriptions=looked_at)

    def _index_list(self, subject: str) -> None:
        entries = (build_plan.list_entry(row) for row in self.rows[subject].values())
        if (file := self.numbers.get(subject)) is not None:
            self._set_list(subject, EntryIndex.of(entries, file.index, self.changed[subject]))
        else:
            self._set_list(subject, EntryIndex.of(entries))

    def _set_list(self, subject: str, index: EntryIndex) -> None:
        if LISTS[subject] == "vip":
            self.lists = replace(self.lists, vip=index)
        else:
            self.lists = replace(self.lists, blacklist=index)

    def _apply_client(self, before: Row | None, after: Row | None) -> None:
        old = build_plan.client(before) if before is not None else None
        clients = self.lists.clients
        if after is not None:
            clients = clients.with_client(build_plan.client(after), before=old)
            self.client_texts.put(after)
        elif old is not None:
            clients = clients.without_client(old)
            self.client_texts.drop(old.id)
        self.lists = replace(self.lists, clients=clients)


def _entry(row: Row | None) -> ListEntry | None:
    return build_plan.list_entry(row) if row is not None else None
