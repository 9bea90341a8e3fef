"""Causes of problems: which it is and its values, no sentence. One file a subject; their words are in
:mod:`app.words.problems`, where a cause without words is an error of the type checker."""

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
from app.base.problems.requests import RequestProblem
from app.base.problems.settings import SettingProblem
from app.base.problems.subscriptions import SubscriptionProblem
from app.base.problems.webhooks import WebhookProblem
from app.embedded_database.errors import EmbeddedProblem

Cause = (
    RequestProblem
    | EditProblem
    | NumberProblem
    | EntryProblem
    | FileProblem
    | ClientProblem
    | CompanyProblem
    | ConfigurationProblem
    | PeopleProblem
    | CallProblem
    | MatterProblem
    | BoothProblem
    | AudioProblem
    | DatabaseProblem
    | SettingProblem
    | WebhookProblem
    | SubscriptionProblem
    | LookUpProblem
    | EmbeddedProblem
)
