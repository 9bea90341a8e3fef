"""Every problem as one sentence with the remedy, in the reader's language; one file a subject, as in
:mod:`app.base.problems`."""

from typing import Any, assert_never

from app.base.errors import Problem
from app.base.problems import Cause
from app.base.problems.audio import AudioProblem
from app.base.problems.booth import BoothProblem
from app.base.problems.calls import CallProblem
from app.base.problems.clients import ClientProblem
from app.base.problems.company import CompanyProblem
from app.base.problems.configuration import ConfigurationProblem
from app.base.problems.database import DatabaseProblem
from app.base.problems.edits import EditProblem
from app.base.problems.entries import EntryProblem
from app.base.problems.files import FileProblem
from app.base.problems.look_ups import LookUpProblem
from app.base.problems.matters import MatterProblem
from app.base.problems.numbers import NumberProblem
from app.base.problems.people import PeopleProblem
from app.base.problems.requests import FieldsNotValid, RequestProblem
from app.base.problems.settings import SettingProblem
from app.base.problems.subscriptions import SubscriptionProblem
from app.base.problems.webhooks import WebhookProblem
from app.embedded_database.errors import EmbeddedProblem
from app.words.problems.audio import audio_words
from app.words.problems.booth import booth_words
from app.words.problems.calls import call_words
from app.words.problems.clients import client_words
from app.words.problems.company import company_words
from app.words.problems.configuration import configuration_words
from app.words.problems.database import database_words
from app.words.problems.edits import edit_words
from app.words.problems.embedded_database import embedded_words
from app.words.problems.entries import entry_problem_words
from app.words.problems.field_words import words_of_field
from app.words.problems.files import file_words
from app.words.problems.look_ups import look_up_problem_words
from app.words.problems.matters import matter_problem_words
from app.words.problems.numbers import number_words
from app.words.problems.people import people_words
from app.words.problems.requests import request_words
from app.words.problems.settings import setting_words
from app.words.problems.subscriptions import subscription_problem_words
from app.words.problems.webhooks import webhook_words

Json = dict[str, Any]
"""An object of the answer."""


def problem_words(problem: Problem | None) -> str:
    """The problem in one sentence; empty without one, as on a page that has nothing to refuse."""
    return cause_words(problem.cause) if problem else ""


def field_words(problem: Problem | None) -> dict[str, str]:
    """The sentence about each field at fault, by the field's name."""
    if problem is None:
        return {}
    if isinstance(problem.cause, FieldsNotValid):
        return {one.field: words_of_field(one) for one in problem.cause.fields}
    return {problem.field: problem_words(problem)} if problem.field else {}


def problem_json(problem: Problem) -> Json:
    """Problem details of RFC 9457."""
    body: Json = {
        "type": "about:blank",
        "title": problem.code.replace("-", " ").capitalize(),
        "status": problem.status,
        "code": problem.code,
        "detail": problem_words(problem),
    }
    if fields := field_words(problem):
        body["errors"] = [{"field": field, "detail": words} for field, words in fields.items()]
    return body | problem.members


def cause_words(cause: Cause) -> str:  # one answer for each subject
    """The cause in one sentence."""
    if isinstance(cause, RequestProblem):
        return request_words(cause)
    if isinstance(cause, EditProblem):
        return edit_words(cause)
    if isinstance(cause, NumberProblem):
        return number_words(cause)
    if isinstance(cause, EntryProblem):
        return entry_problem_words(cause)
    if isinstance(cause, FileProblem):
        return file_words(cause)
    if isinstance(cause, ClientProblem):
        return client_words(cause)
    if isinstance(cause, AudioProblem):
        return audio_words(cause)
    if isinstance(cause, CompanyProblem):
        return company_words(cause)
    if isinstance(cause, ConfigurationProblem):
        return configuration_words(cause, cause_words)
    if isinstance(cause, PeopleProblem):
        return people_words(cause)
    if isinstance(cause, CallProblem):
        return call_words(cause)
    if isinstance(cause, MatterProblem):
        return matter_problem_words(cause)
    if isinstance(cause, BoothProblem):
        return booth_words(cause)
    if isinstance(cause, DatabaseProblem):
        return database_words(cause)
    if isinstance(cause, SettingProblem):
        return setting_words(cause)
    if isinstance(cause, SubscriptionProblem):
        return subscription_problem_words(cause)
    if isinstance(cause, LookUpProblem):
        return look_up_problem_words(cause)
    if isinstance(cause, WebhookProblem):
        return webhook_words(cause)
    if isinstance(cause, EmbeddedProblem):
        return embedded_words(cause)
    assert_never(cause)
