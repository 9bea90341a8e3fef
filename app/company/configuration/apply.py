"""Make a company's set-up what a document says, in one edit. What the document does not name in a section goes; a section
that it leaves out stays as it is."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TypeVar

from pydantic import ValidationError
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from app.base.errors import ChangedMeanwhile, NameTaken, Problem, Unprocessable
from app.base.language import LANGUAGES
from app.base.problems import Cause
from app.base.problems.configuration import AtPlace, ConfigurationFault, LineOfAnotherCompany, UnknownName
from app.base.problems.requests import FieldNotValid, FieldsNotValid
from app.base.text import is_storable, refuse_unstorable
from app.company.company import change_company
from app.company.configuration.read_document import Document, Path, Value
from app.company.configuration.sections import (
    RECORDINGS,
    SECTIONS,
    Labels,
    Section,
    body_of,
    form_inside,
    in_leaving_order,
    labels_of,
    reference_read,
    shown_key,
    with_names,
)
from app.company.configuration.set_up import (
    COMPANY,
    FORMAT,
    FORMAT_KEY,
    TEXTS,
    WholeCompany,
    company_body,
    load_set_up,
    section_value,
    texts_of,
)
from app.company.texts import TextIn, reset_phrase, word_phrase
from app.edits.confirmed_edit import problem_of
from app.edits.edit import Edit
from app.edits.in_turn import take_turn
from app.edits.set_up_history import SetUpChange
from app.plan.rows import Row
from app.web.schema import Input
from filters.texts import REFERENCE
from models import Company, ConfigurationVersion, LineRecord
from models.base import new_id
from routing.actions import Phrase

Form = TypeVar("Form", bound=Input)


@dataclass(slots=True)
class _Wanted:
    """A row as the document has it: ``fields`` (columns), and whether it is ``new`` or ``changed``."""

    section: Section
    row_id: str
    path: Path
    new: bool
    changed: bool = False
    fields: Row = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Applied:
    """The result: the rows before and after, and the changes between them. ``may_spend`` is whether it changes the
    countries whose numbers may be rung."""

    before: dict[str, dict[str, Row]]
    after: dict[str, dict[str, Row]]
    changes: tuple[SetUpChange, ...]
    may_spend: bool


async def apply_document(
    edit: Edit, document: Document, *, ids: Labels | None = None, expected: int | None = None
) -> Applied:
    """Apply ``document``. A row that comes back gets the id that it has in ``ids`` (what a document calls rows, by table and
    id), so that the past still belongs to it. ``expected`` is the version of the configuration that was looked at.

    Raises :class:`Problem`, naming the place in the document, and :class:`ChangedMeanwhile`.
    """
    await take_turn(edit)
    if expected is not None:
        await _refuse_changed(edit, expected)
    before = await load_set_up(edit.session, edit.tenant_id)
    work = _Application(edit, document, before, ids or {})
    may_spend = await work.apply()
    after = await load_set_up(edit.session, edit.tenant_id)
    return Applied(before, after, tuple(edit.set_up), may_spend)


async def latest_number(edit: Edit) -> int:
    """The number of the newest version; 0 before the first."""
    numbers = select(ConfigurationVersion.number).where(ConfigurationVersion.tenant_id == edit.tenant_id)
    return await edit.session.scalar(numbers.order_by(ConfigurationVersion.number.desc()).limit(1)) or 0


async def _refuse_changed(edit: Edit, expected: int) -> None:
    if await latest_number(edit) != expected:
        raise ChangedMeanwhile(ConfigurationFault.CHANGED_MEANWHILE)


class _Application:
    def __init__(self, edit: Edit, document: Document, before: dict[str, dict[str, Row]], ids: Labels) -> None:
        self._edit, self._document, self._before, self._hints = edit, document, before, ids
        self._labels = labels_of(before)
        self._first_id, self._made = new_id(), 0
        # By table, what the document calls its rows, and their ids.
        self._ids: dict[str, dict[str, str]] = {
            table: {label: row_id for row_id, label in names.items()} for table, names in self._labels.items()
        }

    async def apply(self) -> bool:
        """Returns whether other countries may be rung than before."""
        self._check_head()
        may_spend = await self._apply_company()
        await self._apply_texts()
        sections = [section for section in SECTIONS if section.name in self._document.sections]
        wanted = [one for section in sections for one in self._match(section)]
        names = {table: {row_id: label for label, row_id in ids.items()} for table, ids in self._ids.items()}
        for one in wanted:
            self._read(one, names)
        await self._refuse_lines_of_others(wanted)
        await self._make_room(wanted)
        await self._delete(wanted)
        touched = [one for one in wanted if one.new or one.changed]
        for one in touched:
            before = None if one.new else self._before[one.section.table][one.row_id]
            with self._place(one.path, one.section):
                await one.section.save(self._edit, one.row_id, one.fields, before)
        for one in touched:
            with self._place(one.path, one.section):
                await one.section.check_saved(self._edit, one.row_id)
        return may_spend

    # What stands at the head.

    def _check_head(self) -> None:
        known = {FORMAT_KEY, COMPANY, TEXTS, *(section.name for section in SECTIONS)}
        for name in self._document.sections:
            if name not in known:
                raise self._refusal((name,), ConfigurationFault.UNKNOWN_SECTION)
        if self._document.sections.get(FORMAT_KEY, FORMAT) != FORMAT:
            raise self._refusal((FORMAT_KEY,), ConfigurationFault.OTHER_FORMAT)

    async def _apply_company(self) -> bool:
        if COMPANY not in self._document.sections:
            return False
        body = self._mapping((COMPANY,), self._document.sections[COMPANY])
        form = self._form(WholeCompany, body, (COMPANY,))
        row = self._before[Company.__tablename__][self._edit.tenant_id]
        as_it_is = WholeCompany.model_validate(company_body(row))
        if form == as_it_is:
            return False
        with self._place((COMPANY,)):
            retold = [section.table for section in SECTIONS if section.name in self._document.sections]
            await change_company(self._edit, form.model_dump(mode="json"), retold)
        return sorted(set(form.countries)) != sorted(set(as_it_is.countries))

    async def _apply_texts(self) -> None:
        if TEXTS not in self._document.sections:
            return
        wanted = dict[tuple[str, str], str]()
        for phrase, said in self._mapping((TEXTS,), self._document.sections[TEXTS]).items():
            if phrase not in set(Phrase):
                raise self._refusal((TEXTS, phrase), ConfigurationFault.UNKNOWN_PHRASE)
            for language, text in self._mapping((TEXTS, phrase), said).items():
                path = (TEXTS, phrase, language)
                if language not in LANGUAGES:
                    raise self._refusal(path, ConfigurationFault.UNKNOWN_LANGUAGE)
                body: dict[str, Value] = {"text": self._recording(text, path)}
                wanted[phrase, language] = self._form(TextIn, body, path, leaf=True).text
        there = {
            (phrase, language): text
            for phrase, said in texts_of(self._before).items()
            if isinstance(said, dict)
            for language, text in said.items()
        }
        for phrase, language in sorted(there.keys() - wanted.keys()):
            await reset_phrase(self._edit, Phrase(phrase), language)
        for (phrase, language), text in wanted.items():
            if there.get((phrase, language)) != text.strip():
                with self._place((TEXTS, phrase, language)):
                    await word_phrase(self._edit, Phrase(phrase), language, text)

    # Which row is which.

    def _match(self, section: Section) -> list[_Wanted]:
        """The rows that the document wants in ``section``; from now on ``_ids`` has these and no others."""
        path, value = (section.name,), self._document.sections[section.name]
        rows, labels = self._before[section.table], self._labels[section.table]
        if section.key:
            entries = self._mapping(path, value)
            known = self._known_by_name(section, entries, path)
        else:
            entries = {str(place): one for place, one in enumerate(self._list(path, value))}
            known = self._known_by_content(section, entries)
        hints = {label: row_id for row_id, label in self._hints.get(section.table, {}).items()}
        wanted: list[_Wanted] = []
        for label in entries:
            row_id, hint = known.get(label, ""), hints.get(label, "")
            if not row_id:
                row_id = hint if hint and hint not in rows else self._new_id()
            wanted.append(_Wanted(section, row_id, (*path, label), new=row_id not in labels))
        self._ids[section.table] = {one.path[-1]: one.row_id for one in wanted}
        return wanted

    def _known_by_name(self, section: Section, entries: Mapping[str, Value], path: Path) -> dict[str, str]:
        """The rows that are there already: by what the document calls them, else by what no two rows share, so that somebody
        who is renamed stays the same."""
        labels = self._labels[section.table]
        there = {label: row_id for row_id, label in labels.items()}
        known = {label: there[label] for label in entries if label in there}
        for label in entries:
            if not label.strip() or not is_storable(label):
                raise self._refusal((*path, label), ConfigurationFault.NAME_NOT_VALID)
            if section.key == "number" and not label.startswith("+"):
                raise self._refusal((*path, label), ConfigurationFault.LINE_NOT_INTERNATIONAL)
        if section.apart:
            free = {
                row[section.apart]: row_id
                for row_id, row in self._before[section.table].items()
                if row_id not in known.values()
            }
            for label, body in entries.items():
                if label not in known and isinstance(body, dict):
                    row_id = free.pop(body.get(section.apart), "")
                    if row_id:
                        known[label] = row_id
        return known

    def _known_by_content(self, section: Section, entries: Mapping[str, Value]) -> dict[str, str]:
        there = section_value(section, self._before, self._labels)
        free = list(zip(self._labels[section.table], there if isinstance(there, list) else [], strict=True))
        known: dict[str, str] = {}
        for label, body in entries.items():
            for one in free:
                if one[1] == body:
                    known[label] = one[0]
                    free.remove(one)
                    break
        return known

    def _new_id(self) -> str:
        """One that sorts behind the one before: what nothing else puts in order, age does, and the document has the rows in
        that order."""
        self._made += 1
        return f"{self._first_id[:10]}{self._made:05d}{new_id()[-5:]}"

    # What the rows are to be.

    def _read(self, one: _Wanted, names: Labels) -> None:
        """Give ``one`` its fields, with ids in place of names. Raises :class:`Unprocessable`."""
        section, label = one.section, one.path[-1]
        value: Value = self._document.sections[section.name]
        found = value.get(label) if isinstance(value, dict) else value[int(label)] if isinstance(value, list) else None
        body = self._mapping(one.path, found)
        if section.key:
            if section.key in body and not section.apart:
                raise self._refusal((*one.path, section.key), ConfigurationFault.NAME_IN_THE_KEY)
            named: dict[str, Value] = {section.key: label}
            body = named | body
        if section.place:
            if section.place in body:
                raise self._refusal((*one.path, section.place), ConfigurationFault.ORDER_IS_THE_PLACE)
            body[section.place] = [*self._ids[section.table]].index(label) + 1
        form = self._form(section.form, self._with_ids(body, one.path, section.form), one.path)
        one.fields = {name: value for name, value in form.model_dump().items() if name in section.columns.columns}
        with self._place(one.path):
            for name, column in one.fields.items():
                refuse_unstorable(column, name)
        if not one.new:
            row = self._before[section.table][one.row_id]
            was = section.fields(row) | ({section.place: row[section.place]} if section.place else {})
            becomes = body_of(section.form, form.model_dump(mode="json"))
            # By names: a row that was replaced by another one of the same name is another row all the same.
            one.changed = becomes != body_of(section.form, was) or with_names(becomes, names) != with_names(
                body_of(section.form, was), self._labels
            )

    def _with_ids(self, value: Value, path: Path, form: type[Input] | None) -> dict[str, Value]:
        read: dict[str, Value] = {}
        for key, one in self._mapping(path, value).items():
            reference = reference_read(key, value if isinstance(value, dict) else {}, form)
            here = (*path, key)
            if reference is None:
                read[key] = self._inside(one, here, form_inside(form, key))
            elif isinstance(one, list):
                read[reference[0]] = [self._id_of(reference[1], name, (*here, str(at))) for at, name in enumerate(one)]
            else:
                read[reference[0]] = None if one is None else self._id_of(reference[1], one, here)
        return read

    def _inside(self, value: Value, path: Path, form: type[Input] | None = None) -> Value:
        if isinstance(value, dict):
            return dict(self._with_ids(value, path, form))
        if isinstance(value, list):
            return [self._inside(one, (*path, str(at))) for at, one in enumerate(value)]
        return self._recording(value, path)

    def _recording(self, value: Value, path: Path) -> Value:
        """A text that names a recording, with its id in place of the name."""
        if not isinstance(value, str) or not value.startswith(REFERENCE):
            return value
        name = value.removeprefix(REFERENCE).strip()
        row_id = self._ids[RECORDINGS].get(name)
        if row_id is None:
            raise self._refusal(path, UnknownName("recording", name[:100]))
        return REFERENCE + row_id

    def _id_of(self, section: Section, name: Value, path: Path) -> str:
        label = self._document.sources.get(path, name)
        row_id = self._ids[section.table].get(label) if isinstance(label, str) else None
        if row_id is None:
            raise self._refusal(path, UnknownName(section.noun, str(label)[:100]))
        return row_id

    # The edit.

    async def _refuse_lines_of_others(self, wanted: list[_Wanted]) -> None:
        new = {one.fields["number"]: one for one in wanted if one.new and one.section.table == LineRecord.__tablename__}
        taken = select(LineRecord.number).where(
            LineRecord.number.in_(new), LineRecord.tenant_id != self._edit.tenant_id
        )
        for number in (await self._edit.session.scalars(taken)).all():
            path = new[number].path
            cause = AtPlace(_dotted(path), self._document.line_of(path), LineOfAnotherCompany(number))
            raise NameTaken(cause, field=_dotted(path))

    async def _make_room(self, wanted: list[_Wanted]) -> None:
        """Put the new rows there and let the changed ones refer to what they will refer to, so that everything can refer to
        everything. What no two rows may share is taken away from all that give it up or want it."""
        company = await self._edit.session.get_one(Company, self._edit.tenant_id)
        of_company = {"country": company.country, "time_zone": company.time_zone, "language": company.language}
        by_row = {(one.section.table, one.row_id): one for one in wanted}
        for section in SECTIONS:
            if not section.apart or section.name not in self._document.sections:
                continue
            for row_id, row in self._before[section.table].items():
                one = by_row.get((section.table, row_id))
                if one is None or one.fields[section.apart] != row[section.apart]:
                    await section.give(self._edit, row_id, {section.apart: _moving(row_id)})
        for one in wanted:
            if one.new:
                with self._place(one.path):
                    await one.section.add_stub(self._edit, one.row_id, _stub(one, of_company))
        for one in wanted:
            if one.changed:
                columns = {name: _stored(one, name) for name, _tables in one.section.refers_at()}
                await one.section.give(self._edit, one.row_id, columns)

    async def _delete(self, wanted: list[_Wanted]) -> None:
        kept = {(one.section.table, one.row_id) for one in wanted}
        gone = [
            (section, row_id)
            for section in in_leaving_order()
            if section.name in self._document.sections
            for row_id in self._before[section.table]
            if (section.table, row_id) not in kept
        ]
        for section, row_id in gone:
            # Two menus that lead to each other go together.
            columns = section.columns.columns
            of_its_own = [name for name, tables in section.refers_at() if section.table in tables]
            await section.give(
                self._edit, row_id, {name: None if columns[name].nullable else {} for name in of_its_own}
            )
        for section, row_id in gone:
            with self._place((section.name, self._labels[section.table][row_id])):
                await section.delete(self._edit, row_id, self._before[section.table][row_id])

    # Places, and what is wrong there.

    def _mapping(self, path: Path, value: Value) -> dict[str, Value]:
        if value is None:
            return {}
        if not isinstance(value, dict):
            raise self._refusal(path, ConfigurationFault.MAPPING_WANTED)
        return value

    def _list(self, path: Path, value: Value) -> list[Value]:
        if value is None:
            return []
        if not isinstance(value, list):
            raise self._refusal(path, ConfigurationFault.LIST_WANTED)
        return value

    def _form(self, form: type[Form], body: dict[str, Value], path: Path, *, leaf: bool = False) -> Form:
        """``body`` by its schema; ``leaf``: ``path`` leads to its only field. Raises :class:`Unprocessable`."""
        try:
            return form.model_validate(body)
        except ValidationError as error:
            faults = error.errors(include_url=False)
        places = [path if leaf else (*path, *_shown(body, one["loc"])) for one in faults]
        sources = [self._document.sources.get(place) for place in places]
        for fault, source in zip(faults, sources, strict=True):
            # What looks like a number is a text where one is wanted.
            if fault["type"] == "string_type" and source is not None:
                body = _replaced(body, fault["loc"], source)
        try:
            return form.model_validate(body)
        except ValidationError as error:
            fault = error.errors(include_url=False)[0]
        place = path if leaf else (*path, *_shown(body, fault["loc"]))
        raise self._refusal(place, FieldsNotValid((FieldNotValid.of(_dotted(place), fault),)))

    def _refusal(self, path: Path, cause: Cause) -> Unprocessable:
        place = _dotted(path)
        return Unprocessable(AtPlace(place, self._document.line_of(path), cause), field=place)

    @contextmanager
    def _place(self, path: Path, section: Section | None = None) -> Iterator[None]:
        """Problems inside say where in the document they are."""
        try:
            yield
        except IntegrityError as error:
            raise self._placed(problem_of(error), path, section) from error
        except Problem as problem:
            if isinstance(problem.cause, AtPlace):
                raise
            raise self._placed(problem, path, section) from problem

    def _placed(self, problem: Problem, path: Path, section: Section | None) -> Problem:
        for part in (problem.field or "").split("."):
            if part and part != (section.key if section else ""):
                path = (*path, shown_key(part))
        place = _dotted(path)
        return type(problem)(AtPlace(place, self._document.line_of(path), problem.cause), field=place)


def _moving(row_id: str) -> str:
    """What stands for a moment where no two rows may have the same."""
    return f"moving {row_id}"


def _stored(one: _Wanted, name: str) -> object:
    value: object = one.fields[name]
    return {} if value is None and not one.section.columns.columns[name].nullable else value


def _stub(one: _Wanted, of_company: Row) -> Row:
    columns = one.section.columns.columns
    own = [name for name in one.fields if name == "id" or not columns[name].foreign_keys]
    stub: Row = {name: _stored(one, name) for name in own}
    stub |= {name: value for name, value in of_company.items() if name in stub and not one.fields[name]}
    return stub | ({one.section.apart: _moving(one.row_id)} if one.section.apart else {})


def _dotted(path: Path) -> str:
    return ".".join(path)


def _shown(body: Mapping[str, Value], loc: tuple[int | str, ...]) -> Path:
    """The part of ``loc`` that is a place in ``body``, as the document has it: a validator may say more."""
    here: Value = dict(body)
    path: Path = ()
    for part in loc:
        inside = here.get(str(part)) if isinstance(here, dict) else here[int(part)] if isinstance(here, list) else None
        if inside is None and not (isinstance(here, dict) and part in here):
            return path or (shown_key(str(part)),)  # it is missing
        here, path = inside, (*path, shown_key(str(part)))
    return path


def _replaced(body: dict[str, Value], loc: tuple[int | str, ...], text: str) -> dict[str, Value]:
    """``body`` with ``text`` at ``loc``."""

    def inside(value: Value, rest: tuple[int | str, ...]) -> Value:
        if not rest:
            return text
        if isinstance(value, dict) and rest[0] in value:
            return {key: inside(one, rest[1:]) if key == rest[0] else one for key, one in value.items()}
        if isinstance(value, list):
            return [inside(one, rest[1:]) if at == rest[0] else one for at, one in enumerate(value)]
        return text if not isinstance(value, dict | list) else value

    return {key: inside(one, loc[1:]) if key == loc[0] else one for key, one in body.items()}
