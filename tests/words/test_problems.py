"""Every problem has words in every language, and the edge says them in the reader's."""

import string
from collections.abc import Iterator
from dataclasses import is_dataclass
from datetime import date
from enum import Enum
from pathlib import Path
from typing import Any, Final, get_args

import pytest

from app.base import errors
from app.base.errors import Conflict, InUse, Problem, Unprocessable, VipIsListed
from app.base.language import LANGUAGES, speak
from app.base.problems import Cause
from app.base.problems.audio import AudioEndsBefore, AudioTooLarge, AudioTooLong, AudioTooMany
from app.base.problems.calls import CallerTooLong, CallFault, NotDone, NotMovedThere, NumberNotRung, SavedMeanwhile
from app.base.problems.clients import (
    EmailNotValid,
    FieldHasValues,
    FieldNotRead,
    NotChosenInMerge,
    NoteTooLong,
    NotOnTheCard,
    NumberTwice,
    NumberUnderAnotherName,
    SeveralClients,
    TagNotValid,
    TooManyFields,
    TooManyNumbers,
    TooManyOfThese,
    UnknownCategory,
    UnknownField,
    UnknownResponsible,
)
from app.base.problems.company import (
    AccountNotValid,
    CountryNotChosen,
    IntervalNotRead,
    KeyNotValid,
    LineExists,
    LineRingsOperator,
    MenuLoop,
    QueueLoop,
    RuleNeeds,
    RuleTakesNo,
    RungByKeys,
    TargetHasNoId,
    UnknownDay,
    UnknownPlaceholder,
    UnknownProvider,
    UnknownSubdivision,
    UnknownTarget,
)
from app.base.problems.configuration import (
    AtPlace,
    ConfigurationFault,
    DocumentFault,
    DocumentUnreadable,
    LineOfAnotherCompany,
    UnknownName,
)
from app.base.problems.database import (
    CertificateNotTrusted,
    DatabaseRefuses,
    DatabaseSilent,
    FileOfUrlNotRead,
    MigrationFailed,
    NewerSchema,
    NoRightToCreate,
    NoRightToTables,
    NotUtf8,
    OtherSchema,
    ServerTooOld,
    UnknownWord,
    WordNotValid,
)
from app.base.problems.edits import LanguageNotSpoken, StillUsedBy, User
from app.base.problems.entries import (
    CannotBeBlocked,
    ChosenByCompany,
    ClientSaysOtherwise,
    EntryFault,
    ListedEntry,
    OnTheOtherList,
    OnThisList,
    OperatorsNumber,
    OwnLine,
)
from app.base.problems.fallback import OutOfDate
from app.base.problems.files import (
    BadLinesAndMissing,
    CellTooLong,
    ControlCharacter,
    FileKind,
    FileNotOpened,
    FileTooLarge,
    LineFault,
    LineProblem,
    LineTooLong,
    NoList,
    OtherNumberOfCells,
    SaleFault,
    TooManyLines,
    TooManySales,
    UnknownColumn,
    UnknownTreatment,
)
from app.base.problems.look_ups import MoreThanACardShows
from app.base.problems.numbers import NumberNotRead, PatternNotRead
from app.base.problems.people import PasswordTooShort, ScopeNotOwn
from app.base.problems.reach import CoversOthers, CoversProtected, EntryWarning
from app.base.problems.requests import (
    FieldNotValid,
    FieldsNotValid,
    RefusedByFramework,
    RequestFault,
    RoleMissing,
    ScopeMissing,
    TooLong,
    TooManyPanels,
    TooManyStreams,
    YearOutOfRange,
)
from app.base.problems.settings import (
    BaseUrlHasPath,
    BaseUrlNotEncrypted,
    BaseUrlUnreadable,
    DataFolderNotWritten,
    ProxiesUnreadable,
)
from app.base.problems.subscriptions import NumbersNotKnown, SuspiciousList
from app.base.problems.telephone import Fault
from app.base.problems.webhooks import UnknownEvent
from app.embedded_database.errors import (
    ClusterNotMade,
    DatabaseNotCreated,
    DidNotStart,
    DidNotStop,
    FolderInUse,
    FolderNotUsable,
    HoldsOtherFiles,
    MadeByOtherVersion,
    NotPutInPlace,
    OpenToOthers,
    OwnedByOther,
    ProgramNotRunnable,
    ProgramsNotCopied,
    SocketPathTooLong,
)
from app.words.problems import cause_words, field_words, problem_json, problem_words
from app.words.problems.fallback import out_of_date_words
from app.words.problems.files import line_words
from app.words.problems.reach import warning_words
from filters.number import NumberFault
from filters.pattern import Pattern, PatternFault, PatternKind
from models.list_name import ListName
from routing.dialling import AddressFault
from routing.hours import IntervalFault
from routing.move import MoveFault
from tests import cast


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    speak("en")
    yield
    speak("en")


EXACT: Final = Pattern(PatternKind.EXACT, cast.VERA)
VERA: Final = ListedEntry("e1", ListName.VIP, EXACT, "Vera")
BORIS: Final = ListedEntry("e2", ListName.BLACKLIST, Pattern(PatternKind.PREFIX, "+33162"))
SRV: Final = Path("/srv/antichambre")
USERS: Final = (User("lines", "l1", "Paris"), User("menus", "m1", "Welcome"))


def values() -> list[Any]:
    """At least one of every cause that holds values."""
    return [
        RoleMissing("operator"), RoleMissing("supervisor"), RoleMissing("admin"), ScopeMissing("keys"), TooLong(200),
        YearOutOfRange(2000, 2100), TooManyStreams(1), TooManyStreams(8), TooManyPanels(1), TooManyPanels(8),
        FieldsNotValid((FieldNotValid("number", "Field required"),)), RefusedByFramework("I'm a teapot."),
        LanguageNotSpoken(("en", "fr")), StillUsedBy(USERS, 0), StillUsedBy(USERS, 1), StillUsedBy(USERS, 7),
        NumberNotRead(NumberFault.NOT_A_NUMBER, "banana", "FR"),
        PatternNotRead(PatternFault.NOT_A_COUNTRY, "Atlantis", "FR"),
        OnTheOtherList(VERA), OnTheOtherList(BORIS), OnThisList(VERA), OnThisList(BORIS, date(2026, 12, 31)),
        ClientSaysOtherwise(cast.CLARA, "c1", "Clara", ListName.VIP),
        ClientSaysOtherwise(cast.CLARA, "c1", "Clara", ListName.BLACKLIST),
        CannotBeBlocked(cast.LINE, ChosenByCompany()), CannotBeBlocked(cast.OLGA, OperatorsNumber("Olga")),
        CannotBeBlocked(cast.LINE, OwnLine("Paris")), TooManyNumbers(1), TooManyNumbers(50), NumberTwice(cast.UMA),
        NoteTooLong(1000),
        UnknownCategory("Regulars"), SeveralClients(("Clara", "Clara M.")), EmailNotValid("clara at example"),
        TagNotValid("a;b"), TooManyOfThese(20), UnknownField("Shoe size"), FieldNotRead("Size", "number"),
        FieldNotRead("Size", "choice", ("small", "large")), FieldHasValues(1), FieldHasValues(3), TooManyFields(30),
        UnknownResponsible("Olga"), NumberUnderAnotherName(2, "Olga"),
        NotChosenInMerge(("id",)), NotOnTheCard("a@b.c"), UnknownProvider(("signalwire", "twilio")),
        AccountNotValid("twilio"), KeyNotValid("telnyx"),
        CountryNotChosen("+4915112345678", ("FR",)), LineExists(cast.LINE), LineRingsOperator(cast.OLGA, "Olga"),
        TargetHasNoId("repeat"), RuleNeeds("menu", "menu_id"), RuleTakesNo("reject", "text"), UnknownTarget("menu"),
        RungByKeys(("Welcome",)),
        MenuLoop(("m1", "m2"), ("Welcome", "Sales")),
        QueueLoop(("q1", "q2"), ("Sales", "Repairs")),
        UnknownDay(("monday", "tuesday")), IntervalNotRead(IntervalFault.EMPTY, "9-9"),
        UnknownPlaceholder("{number}", ()), UnknownPlaceholder("{number}", ("{place}",)),
        UnknownSubdivision("FR", ()), UnknownSubdivision("DE", ("BY", "BE")), PasswordTooShort(12), ScopeNotOwn("keys"),
        FileNotOpened("list.csv", "No such file or directory"),
        *(NoList(kind) for kind in FileKind),
        TooManyLines(100_000), TooManySales(1_000_000), FileTooLarge(64), UnknownColumn("x", ("number",)),
        BadLinesAndMissing(1), BadLinesAndMissing(3), CallerTooLong(256),
        SavedMeanwhile("Uma"),
        AudioTooLong(10), AudioTooLarge(20), AudioTooMany(200), AudioEndsBefore(84044),
        *(NumberNotRung("+33899000001", one) for one in AddressFault),
        *(NotDone(one) for one in Fault), *(NotMovedThere(one) for one in MoveFault),
        FolderInUse(SRV, 7), FolderInUse(SRV, None), FolderNotUsable(SRV, "Permission denied"), SocketPathTooLong(SRV),
        HoldsOtherFiles(SRV), MadeByOtherVersion(SRV, "17", "18"), NotPutInPlace(SRV, "Not empty"),
        ClusterNotMade(SRV, "no space"), DatabaseNotCreated("pbx", "no space"), ProgramNotRunnable(SRV),
        ProgramsNotCopied(SRV, SRV, "Permission denied"), OpenToOthers(SRV), OwnedByOther(SRV, "olga"),
        OwnedByOther(SRV, "root", is_root=True), DidNotStart(SRV, SRV, "no space"), DidNotStop(7, 30, ended=True),
        DidNotStop(7, 30, ended=False),
        UnknownWord("ssl", ("sslmode",)), UnknownWord("pgbouncer", ("sslmode",)),
        WordNotValid("sslmode", "yes", ("require",)), FileOfUrlNotRead("sslkey", "/none.pem", "No such file"),
        DatabaseSilent("timeout"), CertificateNotTrusted("self-signed certificate"), DatabaseRefuses("no such role"),
        NotUtf8("pbx", "LATIN1"), ServerTooOld(14, 15), NoRightToCreate("olga", "public"),
        NoRightToTables("olga", "line", 3), OtherSchema(None, "b"), OtherSchema("a", "b"), NewerSchema("c"),
        MigrationFailed("b", "lock timeout", in_the_way=True), MigrationFailed("b", "disk full"),
        BaseUrlUnreadable("pbx"), BaseUrlNotEncrypted("http://pbx.example.org"),
        BaseUrlHasPath("https://example.org/pbx", "/pbx"), DataFolderNotWritten("/srv", "Permission denied"),
        ProxiesUnreadable("not an address"),
        *(DocumentUnreadable(one, line, "a key") for one in DocumentFault for line in (0, 7)),
        *(AtPlace("queues.Sales", line, ConfigurationFault.UNKNOWN_SECTION) for line in (0, 7)),
        UnknownName("queue", "Sales"), UnknownName("recording", "Hello"), LineOfAnotherCompany(cast.LINE),
        UnknownEvent("call.seen", ("call.ended",)),
        SuspiciousList(500, 3), NumbersNotKnown("PhoneBlock"), MoreThanACardShows(8),
    ]  # fmt: skip


def every_cause() -> list[Any]:
    faults = [member for kind in get_args(Cause) if issubclass(kind, Enum) for member in kind]
    return [*faults, *values()]


def every_line_problem() -> list[Any]:
    number = NumberNotRead(NumberFault.NOT_A_NUMBER, "abc", "FR")
    pattern = PatternNotRead(PatternFault.RANGE_WITHOUT_END, cast.UMA, "FR")
    return [
        *LineFault, *SaleFault, OtherNumberOfCells(3, 2), LineTooLong(20_000), CellTooLong(200, 201), ControlCharacter(27),
        UnknownTreatment(("busy", "reject")), number, pattern,
    ]  # fmt: skip


WARNINGS: Final[tuple[EntryWarning, ...]] = (
    CoversProtected(1, (cast.LINE,)), CoversProtected(5, (cast.LINE, cast.OLGA, cast.UMA)),
    CoversOthers(ListName.BLACKLIST, 1, 0), CoversOthers(ListName.BLACKLIST, 0, 2), CoversOthers(ListName.VIP, 3, 1),
)  # fmt: skip

SAID_BY_OTHERS: Final = (RefusedByFramework,)
"""What comes from a library in its own words."""


def test_every_cause_is_in_the_list_above() -> None:
    with_values = {kind for kind in get_args(Cause) if is_dataclass(kind)}
    assert {type(one) for one in values()} == with_values


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_cause_has_words_in_every_language(language: str) -> None:
    speak("en")
    english = {repr(one): cause_words(one) for one in every_cause()}
    speak(language)
    untranslated = []
    for cause in every_cause():
        words = cause_words(cause)
        assert "%(" not in words, repr(cause)
        assert words[-1] in string.punctuation + "…»", repr(cause)
        if language != "en" and words == english[repr(cause)] and not isinstance(cause, SAID_BY_OTHERS):
            untranslated.append(words)
    assert untranslated == []


def test_every_kind_of_line_problem_is_in_the_list_above() -> None:
    assert {type(one) for one in every_line_problem()} == set(get_args(LineProblem))


@pytest.mark.parametrize("language", sorted(set(LANGUAGES) - {"en"}))
def test_a_bad_line_and_a_warning_have_words_in_every_language(language: str) -> None:
    before = [*map(line_words, every_line_problem()), *map(warning_words, WARNINGS)]
    speak(language)
    after = [*map(line_words, every_line_problem()), *map(warning_words, WARNINGS)]
    assert [one for one, other in zip(before, after, strict=True) if one == other] == []
    assert [one for one in after if "%(" in one] == []


@pytest.mark.parametrize("language", sorted(set(LANGUAGES) - {"en"}))
def test_why_a_fallback_document_is_out_of_date_has_words_in_every_language(language: str) -> None:
    before = list(map(out_of_date_words, OutOfDate))
    speak(language)
    assert [one for one in map(out_of_date_words, OutOfDate) if one in before] == []


def test_a_wide_entry_says_whom_it_covers() -> None:
    assert [warning_words(one) for one in WARNINGS[1:]] == [
        "covers 5 protected numbers (+33 1 99 00 10 00, +33 6 39 98 00 11, +33 6 39 98 00 03, …); they stay reachable",
        "covers 1 client; more specific entries and a client's own status decide before this",
        "covers 2 VIPs; more specific entries and a client's own status decide before this",
        "covers 3 clients, 1 blacklisted; more specific entries and a client's own status decide before this",
    ]


def test_a_problem_carries_its_code_its_status_and_its_field() -> None:
    body = problem_json(Unprocessable(EntryFault.EXPIRY_IN_THE_PAST, field="expires_at"))
    assert (body["status"], body["code"], body["title"]) == (422, "unprocessable", "Unprocessable")
    assert body["detail"] == "The expiry is in the past; choose a later one, or none."
    assert body["errors"] == [{"field": "expires_at", "detail": body["detail"]}]


def test_a_problem_without_a_field_names_none() -> None:
    assert "errors" not in problem_json(Conflict(CallFault.STILL_GOES_ON))


def test_the_entry_in_the_way_is_a_member_of_the_answer() -> None:
    body = problem_json(VipIsListed(OnTheOtherList(VERA), field="number"))
    assert body["code"] == "listed-as-vip"
    assert body["entry"] == {
        "id": "e1", "list": "vip", "number": cast.VERA, "match": "exact", "to": None, "label": "Vera",
    }  # fmt: skip
    assert body["detail"] == "+33 6 39 98 00 01 “Vera” is already on the VIP list; remove it there, or leave it."


def test_the_client_in_the_way_is_a_member_of_the_answer() -> None:
    body = problem_json(VipIsListed(ClientSaysOtherwise(cast.CLARA, "c1", "Clara", ListName.VIP), field="number"))
    assert body["client"] == {"id": "c1", "name": "Clara"}
    assert (body["entry"]["id"], body["entry"]["list"], body["entry"]["number"]) == ("c1", "vip", cast.CLARA)


def test_who_uses_it_is_a_member_of_the_answer() -> None:
    body = problem_json(InUse(StillUsedBy(USERS, 2)))
    assert body["used_by"][0] == {"resource": "lines", "id": "l1", "name": "Paris"}
    assert body["detail"] == "Still used by Paris (Lines), Welcome (Menus) and 2 more; change those first."


def test_the_menus_of_a_loop_are_a_member_of_the_answer() -> None:
    body = problem_json(Unprocessable(MenuLoop(("m1", "m2", "m1"), ("One", "Two", "One")), field="otherwise"))
    assert body["path"] == ["m1", "m2", "m1"]
    assert "One → Two → One" in body["detail"]


def test_each_field_that_is_not_valid_has_its_own_words() -> None:
    fields = FieldsNotValid((FieldNotValid("number", "Field required"), FieldNotValid("match", "Input should be")))
    problem = Unprocessable(fields)
    assert field_words(problem) == {"number": "Field required", "match": "Input should be"}
    assert problem_words(problem) == "Some fields cannot be read; each says why."


def test_a_log_has_the_code_and_the_cause() -> None:
    assert str(Unprocessable(TooLong(200), field="label")) == "unprocessable: TooLong(limit=200) in label"
    assert str(Conflict(CallFault.STILL_GOES_ON)) == "conflict: CallFault.STILL_GOES_ON"


def test_no_two_kinds_of_problem_share_a_code() -> None:
    kinds = [one for one in vars(errors).values() if isinstance(one, type) and issubclass(one, Problem)]
    codes = [kind.code for kind in kinds]
    assert len(kinds) > 15
    assert sorted(codes) == sorted(set(codes))


def test_nothing_found_says_so_plainly() -> None:
    assert cause_words(RequestFault.NOT_FOUND) == "Not found."
