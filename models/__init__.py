"""Tables, one file per subject. Every tenant-owned table has ``tenant_id`` in its primary key and in its foreign keys,
so that a row cannot point into another tenant."""

from models.account import ProviderAccount
from models.api_key import ApiKey
from models.audio import AudioFile, AudioRecord
from models.audit_entry import AuditEntry
from models.base import Base
from models.call_list_check import CallListCheck
from models.call_note import CallDraft, CallerMemory, CallNote, CardFields
from models.call_record import CallEvent, CallRecord, FakeQueueStay, FeedEpoch
from models.callback import Callback
from models.category_rule import CategoryRule, ScriptRecord
from models.client_card import ClientCard, ClientNumber
from models.client_field import ClientField
from models.client_past import ClientNote, GoneClient
from models.company import Company
from models.configuration_version import ConfigurationVersion
from models.dictation import Dictation
from models.erasure import Erasure
from models.fake_queue_rate import FakeQueueRate
from models.fallback_export import FallbackExport
from models.idempotent_request import IdempotentRequest
from models.line_record import LineRecord
from models.list_entries import BlacklistEntry, ListHit, VipEntry
from models.list_import import ImportProgress, ImportReplaced, ImportRow, StoredImport
from models.look_up import LookUpAnswer, LookUpRecord
from models.matter import Matter
from models.menu_record import MenuRecord
from models.one_time_link import Invitation, PasswordReset
from models.opening_hours import HolidayRecord, OpeningHours
from models.operator_record import OperatorRecord
from models.panel_seat import PanelSeat
from models.phrase_record import PhraseRecord
from models.plan_change import PlanChange, PlanVersion, Worker
from models.queue_record import QueueRecord
from models.refused_webhook import RefusedWebhook
from models.rehearsal import Rehearsal, RehearsalDifference
from models.rule_record import RuleRecord
from models.sale import Product, Sale
from models.second_factor import RecoveryCode, SecondFactor
from models.segment import (
    ClientSegment,
    ProductSold,
    ProductState,
    SegmentBorders,
    SegmentMovement,
    SegmentState,
    SegmentSuggestion,
    SegmentWish,
)
from models.sign_in_attempt import SignInAttempt
from models.subscription import SubscriptionPart, SubscriptionRecord
from models.user_account import SignInSession, UserAccount
from models.vip_pin import VipPin
from models.voicemail import VoicemailRecord
from models.wall_link import WallLink
from models.webhook import WebhookDelivery, WebhookRecord

__all__ = [
    "ApiKey",
    "AudioFile",
    "AudioRecord",
    "AuditEntry",
    "Base",
    "BlacklistEntry",
    "CallDraft",
    "CallEvent",
    "CallListCheck",
    "CallNote",
    "CallRecord",
    "Callback",
    "CallerMemory",
    "CardFields",
    "CategoryRule",
    "ClientCard",
    "ClientField",
    "ClientNote",
    "ClientNumber",
    "ClientSegment",
    "Company",
    "ConfigurationVersion",
    "Dictation",
    "Erasure",
    "FakeQueueRate",
    "FakeQueueStay",
    "FallbackExport",
    "FeedEpoch",
    "GoneClient",
    "HolidayRecord",
    "IdempotentRequest",
    "ImportProgress",
    "ImportReplaced",
    "ImportRow",
    "Invitation",
    "LineRecord",
    "ListHit",
    "LookUpAnswer",
    "LookUpRecord",
    "Matter",
    "MenuRecord",
    "OpeningHours",
    "OperatorRecord",
    "PanelSeat",
    "PasswordReset",
    "PhraseRecord",
    "PlanChange",
    "PlanVersion",
    "Product",
    "ProductSold",
    "ProductState",
    "ProviderAccount",
    "QueueRecord",
    "RecoveryCode",
    "RefusedWebhook",
    "Rehearsal",
    "RehearsalDifference",
    "RuleRecord",
    "Sale",
    "ScriptRecord",
    "SecondFactor",
    "SegmentBorders",
    "SegmentMovement",
    "SegmentState",
    "SegmentSuggestion",
    "SegmentWish",
    "SignInAttempt",
    "SignInSession",
    "StoredImport",
    "SubscriptionPart",
    "SubscriptionRecord",
    "UserAccount",
    "VipEntry",
    "VipPin",
    "VoicemailRecord",
    "WallLink",
    "WebhookDelivery",
    "WebhookRecord",
    "Worker",
]
