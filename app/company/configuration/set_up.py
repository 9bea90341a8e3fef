"""What a company is set up with: as it is now, as it was in an earlier version, and as a document says it."""

from collections.abc import Iterable, Sequence
from typing import Final

from sqlalchemy import ColumnElement, select
from sqlalchemy.ext.asyncio import AsyncSession

from app.base.errors import NotFound
from app.base.language import LANGUAGES
from app.base.problems.configuration import ConfigurationFault
from app.company.company import CompanyPatch, TreatmentsPatch
from app.company.configuration.read_document import Value
from app.company.configuration.sections import RECORDINGS, SECTIONS, Rows, Section, body_of, labels_of, with_names
from app.plan.rows import SET_UP, SUBJECTS, Row, as_row
from app.web.schema import CountryCode, Name
from models import AudioRecord, Company, ConfigurationVersion, PhraseRecord
from routing.actions import Phrase

FORMAT: Final = 1
COMPANY, TEXTS, FORMAT_KEY = "company", "texts", "configuration"
_PHRASES: Final = PhraseRecord.__tablename__
_COUNTRIES: Final = "countries"


class WholeCompany(CompanyPatch):
    """The company as a document has it: what is left out has its default."""

    name: Name
    country: CountryCode
    time_zone: str
    language: str


async def load_set_up(session: AsyncSession, tenant_id: str) -> dict[str, dict[str, Row]]:
    """The company's rows as they are now, and what its recordings are called, which texts may name. The lists and the
    clients, which may be millions, are not among them."""
    rows: dict[str, dict[str, Row]] = {}
    for table in sorted(SET_UP):
        model = SUBJECTS[table]
        owner: ColumnElement[str] = model.__table__.columns["id" if model is Company else "tenant_id"]
        records = await session.scalars(
            select(model).where(owner == tenant_id).execution_options(populate_existing=True)
        )
        rows[table] = {row["id"]: row for row in map(as_row, records)}
    recordings = select(AudioRecord.id, AudioRecord.name).where(AudioRecord.tenant_id == tenant_id)
    rows[RECORDINGS] = {row_id: {"id": row_id, "name": name} for row_id, name in await session.execute(recordings)}
    return rows


async def versions_after(session: AsyncSession, tenant_id: str, number: int) -> Sequence[ConfigurationVersion]:
    """The versions that came after ``number``, the newest first. Raises :class:`NotFound` when there is no such version."""
    mine = ConfigurationVersion.tenant_id == tenant_id
    newer = select(ConfigurationVersion).where(mine, ConfigurationVersion.number >= number)
    found = (await session.scalars(newer.order_by(ConfigurationVersion.number.desc()))).all()
    if not found or found[-1].number != number:
        raise NotFound(ConfigurationFault.VERSION_GONE)
    return found[:-1]


def taken_back(rows: Rows, versions: Iterable[ConfigurationVersion]) -> dict[str, dict[str, Row]]:
    """``rows`` before ``versions`` (the newest first) changed them."""
    before = {table: dict(of_table) for table, of_table in rows.items()}
    for version in versions:
        for change in reversed(version.changes):
            of_table = before.setdefault(change["subject"], {})
            if change["before"] is None:
                of_table.pop(change["id"], None)
            else:
                of_table[change["id"]] = change["before"]
    return before


def sections_of(rows: Rows) -> dict[str, Value]:
    """The document's sections."""
    labels = labels_of(rows)
    company = next(iter(rows[Company.__tablename__].values()))
    shown: dict[str, Value] = {
        FORMAT_KEY: FORMAT,
        COMPANY: company_body(company),
        TEXTS: with_names(texts_of(rows), labels),
    }
    for section in SECTIONS:
        shown[section.name] = section_value(section, rows, labels)
    return shown


def section_value(section: Section, rows: Rows, labels: dict[str, dict[str, str]]) -> Value:
    """One section: a mapping by name, or a list."""
    of_table = rows.get(section.table, {})
    bodies: dict[str, Value] = {}
    for row_id, label in labels[section.table].items():
        body = with_names(body_of(section.form, section.fields(of_table[row_id])), labels)
        if section.key and isinstance(body, dict) and of_table[row_id][section.key] == label:
            body.pop(section.key, None)
        bodies[label] = body
    return bodies if section.key else list(bodies.values())


def company_body(row: Row) -> dict[str, Value]:
    """The company, with what it has chosen itself."""
    chosen = row["treatments"]
    treatments = body_of(TreatmentsPatch, {k: v for k, v in chosen.items() if k in TreatmentsPatch.model_fields})
    fields = {name: row[name] for name in ("name", "country", "time_zone", "language", "protected")}
    body = body_of(WholeCompany, fields | {_COUNTRIES: chosen.get(_COUNTRIES, [])})
    return {name: body[name] for name in ("name", "country", "time_zone", "language")} | (
        {"treatments": treatments} if treatments else {}
    ) | {name: body[name] for name in (_COUNTRIES, "protected") if body.get(name)}  # fmt: skip


def texts_of(rows: Rows) -> dict[str, Value]:
    """The company's own words: by phrase and language, in our order of both."""
    own = {(row["phrase"], row["language"]): row["text"] for row in rows.get(_PHRASES, {}).values()}
    texts: dict[str, Value] = {}
    for phrase in Phrase:
        said: dict[str, Value] = {code: own[phrase, code] for code in LANGUAGES if (phrase, code) in own}
        if said:
            texts[phrase.value] = said
    return texts
