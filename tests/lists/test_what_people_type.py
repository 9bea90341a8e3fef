"""What people type and import never silently becomes another number."""

import pytest

from app.lists.files.countries import country_named
from models.list_name import ListName
from tests import cast
from tests.api import API
from tests.lists.importing import imported
from tests.lists.test_importing_lists import decision, listed
from tests.office import Office

pytestmark = pytest.mark.anyio
BLACKLIST = ListName.BLACKLIST


@pytest.mark.parametrize(
    ("number", "country", "says"),
    [
        ("493023125042.0", "DE", "decimal"), ("4366412345678.0", "AT", "decimal"), ("493023125042,0", "DE", "decimal"),
        ("030 23125042/43", "DE", "two numbers"), ("030 23125042 / 030 23125043", "DE", "two numbers"),
        ("0612345678, 0623456789", "FR", "two numbers"), ("+33612345678 +33623456789", "FR", "two numbers"),
        ("655500142", "IT", "0655500142"), ("4.47900E+11", "GB", "spreadsheet"), ("4,47900E+11", "FR", "spreadsheet"),
        ("0000000000", "FR", "caller ID"), ("+10000000000", "US", "caller ID"),
    ],
)  # fmt: skip
async def test_what_a_program_or_a_hurry_made_of_a_number_is_refused_with_a_remedy(
    office: Office, number: str, country: str, says: str
) -> None:
    answer = await office.api.post(f"{API}/blacklist", json={"number": number, "country": country})
    assert answer.status_code == 422, answer.text
    assert says in answer.text


@pytest.mark.parametrize(
    ("number", "country", "stored"),
    [
        ("02/633 00 42", "BE", "+3226330042"), ("0711/123-0", "DE", "+497111230"), ("0655500142", "IT", "+390655500142"),
        ("01/99/00/12/34", "FR", "+33199001234"), ("+1\ufe0f-415-555-0142", "FR", "+14155550142"),
        ("\u202a+33 6 39\u202c 98 10 01", "US", "+33639981001"), ("tel:00390655500142", "IT", "+390655500142"),
    ],
)  # fmt: skip
async def test_slashes_and_invisible_marks_do_no_harm(office: Office, number: str, country: str, stored: str) -> None:
    answer = await office.api.post(f"{API}/blacklist", json={"number": number, "country": country})
    assert (answer.status_code, answer.json()["number"]) == (201, stored)


async def test_the_country_of_an_entry_counts_more_than_that_of_its_line(office: Office) -> None:
    body = {"number": "0301234567", "country": "DE", "lines": [cast.LINE]}
    answer = await office.api.post(f"{API}/blacklist", json=body)
    assert (answer.status_code, answer.json()["number"]) == (201, "+49301234567")


@pytest.mark.parametrize("prefix", ["+33000", "+1000", "0031 0000"])
async def test_a_prefix_that_no_number_begins_with_is_refused(office: Office, prefix: str) -> None:
    answer = await office.api.post(f"{API}/blacklist", json={"number": prefix, "match": "prefix"})
    assert answer.status_code == 422, answer.text


@pytest.mark.parametrize("written", ["DE", "de", "Germany", "Allemagne", "Deutschland", "+49", "0049", "49", "DEU"])
async def test_the_country_column_of_a_file_is_read(office: Office, written: str) -> None:
    report = await imported(office, BLACKLIST, f"number,label,country\n0301234567,Berlin,{written}\n")
    assert (report.added, report.bad, report.unread_columns) == (1, 0, ())
    assert await listed(office) == ["+49301234567"]


async def test_a_country_that_is_none_refuses_its_line_only(office: Office) -> None:
    text = "numero;pays\n0612345678;Atlantis\n0612345679;\n0612345670;France\n"
    report = await imported(office, BLACKLIST, text)
    assert (report.added, report.bad, report.problems[0].field) == (2, 1, "country")


def test_countries_are_known_by_many_names() -> None:
    named = {
        "USA": "US",
        "Royaume-Uni": "GB",
        "Россия": "RU",
        "+7": "RU",
        "+1": "US",
        "España": "ES",
        "Österreich": "AT",
    }
    assert {name: country_named(name) for name in named} == named
    assert [country_named(name) for name in ("Nowhere", "+999", "", "XX", "-")] == [None] * 5


async def test_comments_and_titles_are_skipped_and_counted_and_a_comment_is_a_reason(office: Office) -> None:
    text = "# SPAM list, 2026-11\n+33899000143 # robocall\n\n# more\n+33899000144\n"
    report = await imported(office, BLACKLIST, text)
    assert (report.added, report.bad, report.remarks) == (2, 0, 2)
    entries = (await office.api.get(f"{API}/blacklist", params={"number": "+33899000143"})).json()["items"]
    assert entries[0]["reason"] == "robocall"


async def test_titles_above_the_header_are_skipped(office: Office) -> None:
    text = "Blocked callers, November\nsource: the old exchange\nnumber,label\n+33899000143 # bot,Bot\n# end\n"
    report = await imported(office, BLACKLIST, text)
    assert (report.added, report.bad, report.remarks) == (1, 0, 3)


async def test_a_comment_sign_inside_a_quoted_cell_is_text(office: Office) -> None:
    report = await imported(office, BLACKLIST, 'number,reason\n+33899000143,"one\n# two"\n')
    assert (report.added, report.remarks) == (1, 0)


async def test_numbers_that_a_spreadsheet_rounded_are_a_warning(office: Office) -> None:
    report = await imported(office, BLACKLIST, "+447900000000\n+447900000000\n+447900123456\n+447900123456\n")
    assert (report.added, report.rounded) == (2, 1)
    assert "spreadsheet" in str(report.as_json()["warnings"])


async def test_exceptions_are_imported_beside_what_they_are_exceptions_to(office: Office) -> None:
    text = f"number,match,treatment\n+33639,prefix,\n{cast.UMA},exact,allow\n"
    assert (await imported(office, BLACKLIST, text)).added == 2
    assert await decision(office, cast.BORIS) == "blacklisted"
    assert await decision(office, cast.UMA) == "default"
    assert (await imported(office, ListName.VIP, f"{cast.UMA}\n")).added == 1


@pytest.mark.parametrize(
    "q", ["8 912 000", "8912", "+7 912", "912 000 01", "Федор", "федор", "Muller", "Lukasz", "strasse"]
)
async def test_one_search_for_lists_clients_and_calls(office: Office, q: str) -> None:
    name = "Фёдор Müller-Łukasz Straße"
    await office.api.patch(f"{API}/company", json={"country": "RU"})
    await office.add_blacklisted("+79120000142", label=name)
    await office.add_client("+79120000143", name=name)
    await office.webhook("/twilio/voice", "+79120000144", CallerName=name)
    await office.settled()
    for path in ("blacklist", "clients", "calls"):
        found = (await office.api.get(f"{API}/{path}", params={"q": q})).json()["items"]
        assert len(found) == 1, path


async def test_digits_that_are_no_number_stay_blocked_when_a_file_is_imported(office: Office) -> None:
    for number in ("0150", "003162073523199999915"):
        assert (await office.api.post(f"{API}/blacklist", json={"number": number})).status_code == 201
    await imported(office, BLACKLIST, f"{cast.BORIS}\n")
    assert [await decision(office, one) for one in ("0150", "003162073523199999915", cast.BORIS)] == ["blacklisted"] * 3
    exported = "number,match,treatment\n4567,exact,\n+3162073523199999916,exact,\n112,exact,\n"
    assert (await imported(office, BLACKLIST, exported)).added == 2
    assert await decision(office, "4567") == await decision(office, "003162073523199999916") == "blacklisted"
    assert await decision(office, "0150") == "blacklisted"
