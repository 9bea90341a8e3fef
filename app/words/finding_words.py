"""What the questions of a decision found, in words. A finding without words here is an error that mypy reports."""

from typing import assert_never

from app.base.language import gettext as _
from app.event_log.stored_decision import OldWords, StoredDecision, StoredFinding
from app.words.attestation_words import doubt_words
from app.words.match_words import match_words
from app.words.number_words import grouped
from app.words.opening_words import next_opening_words, opening_words
from app.words.rule_words import consequence_words
from routing.findings import Found, Question
from routing.rules import RuleAction


def question_words(question: Question) -> str:
    """The question itself."""
    match question:
        case Question.WHOSE_LINE:
            return _("Whose line is this?")
        case Question.OWN_NUMBER:
            return _("Is it our own number calling us?")
        case Question.PROTECTED_NUMBER:
            return _("Is the number protected?")
        case Question.VIP:
            return _("Is the caller a VIP?")
        case Question.CALLS_AT_ONCE:
            return _("Does the number call too often at once?")
        case Question.BLACKLIST:
            return _("Is the caller blacklisted?")
        case Question.CATEGORY:
            return _("What does the client's category say?")
        case Question.RULES:
            return _("What do the company's rules say?")
        case Question.HIDDEN_NUMBER:
            return _("Is the number hidden?")
        case Question.HOURS:
            return _("Is the line closed?")
        case Question.MENU:
            return _("Does the line have a menu?")
        case Question.QUEUE:
            return _("Does the line have a queue?")
        case Question.OTHERWISE:
            return _("Has anything matched?")
        case Question.SERVED:
            return _("Does anybody serve the queue?")
        case _:
            assert_never(question)


def finding_words(finding: StoredFinding | OldWords, decision: StoredDecision) -> str:
    """What was found: a sentence where it decides the call or is its reason, a short note where the next question follows.
    What release 0.1 stored is told in the words that it stored."""
    if isinstance(finding, OldWords):
        return finding.text
    entry, name, opening = _entry(finding, decision), finding.name, _opening(finding)
    match finding.found:
        case Found.OUR_LINE:
            return _line(decision)
        case Found.UNKNOWN_LINE:
            return _("The called number is not one of our lines.")
        case Found.OTHER_NUMBER | Found.NOT_PROTECTED | Found.FEW_CALLS | Found.NUMBER_SHOWN:
            return _("no")
        case Found.OUR_NUMBER:
            return _("The caller shows one of our own numbers: never a VIP, handled like any other call.")
        case Found.CALL_LOOP:
            return _("One of our own lines is calling in a loop; the call is refused to break it.")
        case Found.PROTECTED:
            return _("protected: the blacklist does not apply")
        case Found.EMERGENCY_SERVICE:
            return _("An emergency service is calling back: no menu, no opening hours.")
        case Found.EMERGENCY_DOUBTED:
            return _("an emergency number that may be forged: handled like any other call")
        case Found.NOT_ON_VIP_LIST:
            return _("not on the VIP list")
        case Found.OUTRANKED:
            return _("%(entry)s, but a more specific blacklist entry decides", entry=entry)
        case Found.VIP_RINGS:
            return _("VIP: %(entry)s. Straight to %(name)s.", entry=entry, name=name)
        case Found.VIP_ASKED_IF_URGENT:
            return _(
                "VIP: %(entry)s. Everybody of management is in their quiet hours: asked whether it is urgent, and if it is, "
                "put through to %(name)s.",
                entry=entry, name=name,
            )  # fmt: skip
        case Found.VIP_QUEUED:
            return _("VIP: %(entry)s. To the front of the queue: nobody is set up to be called directly.", entry=entry)
        case Found.VIP_UNSERVED:
            return _("VIP: %(entry)s, but the company has no operator and no queue yet.", entry=entry)
        case Found.VIP_UNCONFIRMED:
            return _(
                "VIP: %(entry)s, but the identity is unconfirmed: %(doubt)s. Near the front of the queue.",
                entry=entry, doubt=_doubt(finding),
            )  # fmt: skip
        case Found.VIP_ASKED_FOR_PIN:
            return _(
                "VIP: %(entry)s, but the identity is unconfirmed: %(doubt)s. Asked for the PIN; without it, near the front "
                "of the queue.",
                entry=entry, doubt=_doubt(finding),
            )  # fmt: skip
        case Found.VIP_PIN_RIGHT:
            return _("The PIN was right, although the number is doubtful: %(doubt)s.", doubt=_doubt(finding))
        case Found.VIP_PIN_WRONG:
            return _(
                "VIP: %(entry)s, but the identity is unconfirmed: %(doubt)s, and the PIN was wrong. Near the front of the "
                "queue.",
                entry=entry, doubt=_doubt(finding),
            )  # fmt: skip
        case Found.VIP_PIN_NOT_KEYED:
            return _(
                "VIP: %(entry)s, but the identity is unconfirmed: %(doubt)s, and no PIN was keyed in. Near the front of the "
                "queue.",
                entry=entry, doubt=_doubt(finding),
            )  # fmt: skip
        case Found.VIP_PIN_LOCKED:
            return _(
                "VIP: %(entry)s, but the identity is unconfirmed: %(doubt)s. Not asked for the PIN, which was wrong too "
                "often within an hour. Near the front of the queue.",
                entry=entry, doubt=_doubt(finding),
            )  # fmt: skip
        case Found.VIP_UNCONFIRMED_UNSERVED:
            return _(
                "%(entry)s, but the identity is unconfirmed and there is no queue: %(doubt)s",
                entry=entry, doubt=_doubt(finding),
            )  # fmt: skip
        case Found.VIP_UNCONFIRMED_TOO_OFTEN:
            return _(
                "%(entry)s, but the identity is unconfirmed and there are too many calls at once: %(doubt)s",
                entry=entry, doubt=_doubt(finding),
            )  # fmt: skip
        case Found.VIP_NOT_RECORDED:
            return _(
                "VIP: %(entry)s. Not recorded when the call came in: filled in later from the provider's list of calls.",
                entry=entry,
            )  # fmt: skip
        case Found.TOO_MANY_CALLS:
            return _("Too many calls of this number at once: refused, unanswered and unbilled.")
        case Found.NOT_BLACKLISTED:
            return _("not on the blacklist")
        case Found.BLACKLISTED:
            return _("Blacklisted: %(entry)s.", entry=entry)
        case Found.BLACKLISTED_TOLL_FREE:
            return _("Blacklisted: %(entry)s. Not held: the line is toll-free.", entry=entry)
        case Found.BLACKLISTED_HELD_ENOUGH:
            return _("Blacklisted: %(entry)s. Not held: the fake queue is full.", entry=entry)
        case Found.BLACKLISTED_NUMBER_USED_UP:
            return _("Blacklisted: %(entry)s. Not held: this month's minutes for the number are used up.", entry=entry)
        case Found.BLACKLISTED_LINE_USED_UP:
            return _("Blacklisted: %(entry)s. Not held: this month's minutes for the line are used up.", entry=entry)
        case Found.BLACKLISTED_MONTH_USED_UP:
            return _("Blacklisted: %(entry)s. Not held: this month's minutes are used up.", entry=entry)
        case Found.BLACKLISTED_BUT_PROTECTED:
            return _("%(entry)s, but the number is protected", entry=entry)
        case Found.BLACKLISTED_BUT_VIP:
            return _("%(entry)s, but the VIP entry decides", entry=entry)
        case Found.BLACKLISTED_BUT_RELEASED:
            return _("%(entry)s, but released from the fake queue for this call", entry=entry)
        case Found.EXCEPTION:
            return _("%(entry)s: an exception on the blacklist, so not blocked", entry=entry)
        case Found.WOULD_BE_BLACKLISTED:
            return _("On %(entry)s, which is only watched: active, it would block the caller.", entry=entry)
        case Found.BLACKLISTED_WITHOUT_RULES:
            return _("Blacklisted: %(entry)s. The other rules could not be applied.", entry=entry)
        case Found.NO_CATEGORY:
            return _("no category")
        case Found.SEVERAL_CLIENTS:
            return _("several clients share this number")
        case Found.CATEGORY_DECIDES if finding.target:
            return _(
                "The client's category “%(category)s” decides; %(operator)s is rung first.", category=name,
                operator=finding.target,
            )  # fmt: skip
        case Found.CATEGORY_PRIORITY if finding.target:
            return _(
                "%(category)s: priority %(priority)s; %(operator)s is rung first", category=name,
                priority=finding.priority, operator=finding.target,
            )  # fmt: skip
        case Found.CATEGORY_DECIDES:
            return _("The client's category “%(category)s” decides.", category=name)
        case Found.CATEGORY_PRIORITY:
            return _("%(category)s: priority %(priority)s", category=name, priority=finding.priority)
        case Found.CATEGORY_HOURS:
            return _("“%(category)s” has hours of its own: %(opening)s", category=name, opening=opening)
        case Found.CATEGORY_CLOSED:
            return _("%(category)s, but %(opening)s", category=name, opening=opening)
        case Found.CATEGORY_TARGET_GONE:
            return _("%(category)s, but its queue or menu no longer exists", category=name)
        case Found.NO_RULE:
            return _("no rule decides")
        case Found.NOT_BY_RULES:
            return _("not asked about a VIP")
        case Found.RULE_SHADOW:
            return _("Rule “%(rule)s” is only watched; active, it would say: %(does)s", rule=name, does=_does(finding))
        case Found.RULE_BUT_PROTECTED:
            return _("Rule “%(rule)s”, but it may not keep this caller out", rule=name)
        case Found.RULE_TARGET_GONE:
            return _("Rule “%(rule)s”, but its queue or menu no longer exists", rule=name)
        case Found.RULE_DECIDES:
            return _("Rule “%(rule)s”: %(does)s.", rule=name, does=_does(finding))
        case Found.RULE_STEPPED_DOWN:
            return _(
                "Rule “%(rule)s”. Not held in the fake queue: a cap is reached, or the line is toll-free.", rule=name
            )
        case Found.NUMBER_WITHHELD:
            return _("The caller withholds the number.")
        case Found.NUMBER_UNAVAILABLE:
            return _("The network does not pass on the number.")
        case Found.NO_HOURS:
            return _("this line has no opening hours")
        case Found.OPEN:
            return opening
        case Found.CLOSED:
            return _closed(finding, opening)
        case Found.CLOSED_BUT_RECEIVED:
            return _("%(opening)s, but the client's category is received at any hour", opening=opening)
        case Found.NO_MENU:
            return _("this line has no menu")
        case Found.LINE_MENU:
            return _("The line's menu “%(menu)s”.", menu=name)
        case Found.NO_QUEUE:
            return _("this line has no queue")
        case Found.LINE_QUEUE:
            return _("The line's queue “%(queue)s”.", queue=name)
        case Found.COMPANY_QUEUE:
            return _("Nothing else is set up for this line: the company's queue “%(queue)s”.", queue=name)
        case Found.NO_QUEUE_AT_ALL:
            return _("Nothing matched, and the company has no queue yet.")
        case Found.RULES_FAILED:
            return _("The rules could not be applied: handled like any other call.")
        case Found.NOT_RECORDED:
            return _("Not recorded when it came in: filled in later from the provider's list of calls.")
        case Found.ALL_AWAY:
            return _("Nobody who serves the queue “%(queue)s” is available. The caller hears so.", queue=name)
        case Found.NOBODY_SERVES:
            return _("Nobody serves the queue “%(queue)s”. The caller hears so.", queue=name)
        case Found.SENT_TO_QUEUE:
            return _("Nobody serves this queue at present. It sends its callers to the queue “%(queue)s”.", queue=name)
        case Found.SENT_TO_NUMBER:
            return _("Nobody serves this queue at present. It sends its callers to %(number)s.", number=grouped(name))
        case _:
            assert_never(finding.found)


def tie_words() -> str:
    """What there is to add where VIP list and blacklist name the number equally narrowly."""
    return _("Also on the blacklist, just as specific: VIP wins.")


def _line(decision: StoredDecision) -> str:
    line = decision.line
    if line is None:
        return ""
    number = grouped(line.number)
    return _("%(line)s, %(number)s", line=line.label, number=number) if line.label else number


def _entry(finding: StoredFinding, decision: StoredDecision) -> str:
    """The match that was looked at. Ids are of both lists and of clients, and no two are the same."""
    return next((match_words(one) for one in decision.matches if one.entry == finding.entry), finding.entry)


def _doubt(finding: StoredFinding) -> str:
    return doubt_words(finding.doubt) if finding.doubt is not None else ""


def _does(finding: StoredFinding) -> str:
    try:
        return consequence_words(RuleAction(finding.does), finding.target)
    except ValueError:  # of a later version
        return finding.does


def _opening(finding: StoredFinding) -> str:
    return opening_words(finding.opening) if finding.opening is not None else ""


def _closed(finding: StoredFinding, opening: str) -> str:
    closed = _("Outside opening hours: %(opening)s.", opening=opening)
    opens_at = finding.opening.opens_at if finding.opening is not None else None
    return f"{closed} {next_opening_words(opens_at)}" if opens_at is not None else closed
