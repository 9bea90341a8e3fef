"""What is wrong with a company's set-up, in words."""

from typing import assert_never

from app.base.language import gettext as _
from app.base.problems.company import (
    AccountNotValid,
    CompanyFault,
    CompanyProblem,
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
from app.providers.registry import PROVIDERS
from app.words.number_words import grouped
from app.words.problems.numbers import interval_words


def company_words(cause: CompanyProblem) -> str:
    """One sentence."""
    match cause:
        case CompanyFault():
            return _fault_words(cause)
        case UnknownProvider(known):
            return _("The providers are: %(names)s.", names=", ".join(known))
        case AccountNotValid(name):
            provider = PROVIDERS[name]
            return _(
                "An account at %(provider)s looks like %(example)s.",
                provider=provider.title,
                example=provider.account_example,
            )
        case KeyNotValid(name):
            provider = PROVIDERS[name]
            return _(
                "Give the key that %(provider)s calls “%(name)s”; its requests are verified with it.",
                provider=provider.title,
                name=provider.key_name,
            )
        case CountryNotChosen(address, chosen):
            return _(
                "%(address)s is in a country that the company has not chosen. It rings numbers of: %(countries)s. An admin "
                "can add others under Settings → Company.",
                address=grouped(address),
                countries=", ".join(chosen),
            )
        case LineExists(number):
            return _("%(number)s is already a line.", number=grouped(number))
        case LineRingsOperator(number, operator):
            return _(
                "%(number)s rings the operator %(operator)s; as a line too, calls would go round in a loop.",
                number=grouped(number),
                operator=operator,
            )
        case TargetHasNoId(kind):
            return _("A target of kind `%(kind)s` has no id.", kind=kind)
        case UnknownTarget():
            return _("What is chosen here is not there any more; choose another.")
        case RungByKeys(menus):
            return _(
                "Management is rung for VIPs only, and keys of these menus ring this operator: %(menus)s. Let them lead "
                "elsewhere first.",
                menus=", ".join(menus),
            )
        case RuleNeeds(_action, field):
            return _needs_words(field)
        case RuleTakesNo(_action, field):
            return _takes_no_words(field)
        case MenuLoop(_path, names):
            return _(
                "A caller who presses nothing would go round in circles: %(path)s. Let one of these menus lead "
                "somewhere else.",
                path=" → ".join(names),
            )
        case QueueLoop(_path, names):
            return _(
                "Callers would be sent round in circles: %(path)s. Let the wait in one of these queues end in another way.",
                path=" → ".join(names),
            )
        case UnknownDay(days):
            return _("The days are %(days)s.", days=", ".join(days))
        case IntervalNotRead():
            return interval_words(cause)
        case UnknownSubdivision(country, known):
            if not known:
                return _("No subdivisions of %(country)s are known; leave this out.", country=country)
            return _("The subdivisions of %(country)s are: %(names)s.", country=country, names=", ".join(known))
        case UnknownPlaceholder(written, known):
            if not known:
                return _("Callers would hear %(written)s read out; leave it out.", written=written)
            return _(
                "Callers would hear %(written)s read out; what can be put in here is %(names)s.",
                written=written,
                names=", ".join(known),
            )
        case _:
            assert_never(cause)


def _needs_words(field: str) -> str:
    """What a rule lacks, by the field that holds it."""
    match field:
        case "queue_id":
            return _("Choose the queue that callers go to.")
        case "menu_id":
            return _("Choose the menu that callers hear.")
        case _:
            return _("Write the text that callers hear.")


def _takes_no_words(field: str) -> str:
    """What a rule has no use for."""
    match field:
        case "queue_id":
            return _("What this rule does has no queue; leave it out.")
        case "menu_id":
            return _("What this rule does has no menu; leave it out.")
        case _:
            return _("What this rule does has no text; leave it out.")


def _fault_words(fault: CompanyFault) -> str:
    match fault:
        case CompanyFault.NO_PLAN:
            return _("This company has no routing plan yet.")
        case CompanyFault.NO_LINE_YET:
            return _("This company has no line yet; add one first.")
        case CompanyFault.UNKNOWN_LINE:
            return _("This is not a line of yours; give a line's id or number.")
        case CompanyFault.PHRASE_NOT_FOUND:
            return _("There is no such phrase in this language.")
        case CompanyFault.LINE_WITHOUT_ACCOUNT:
            return _("The company has no account at this provider; add one first.")
        case CompanyFault.MENU_WITHOUT_PROMPT:
            return _("A menu needs a prompt in at least one language.")
        case CompanyFault.SCRIPT_EMPTY:
            return _("A script needs at least one step in one language.")
        case CompanyFault.MENU_WITHOUT_KEYS:
            return _("A menu needs at least one key.")
        case CompanyFault.KEY_TWICE:
            return _("Two rows have this key; it can lead to one place only.")
        case CompanyFault.KEY_LEADS_NOWHERE:
            return _("Choose where this key leads, or leave its row without a key.")
        case CompanyFault.MENU_REPEATS_FOR_EVER:
            return _(
                "Callers come here who have pressed nothing, so playing the menu again would never end. Say how often it is "
                "played instead."
            )
        case CompanyFault.MESSAGE_EMPTY:
            return _("A message needs a text.")
        case CompanyFault.INTERVALS_OVERLAP:
            return _("Two intervals overlap; combine them.")
        case CompanyFault.HOLIDAY_COUNTRY_OR_DAY:
            return _("Give either a country, for its public holidays, or one day.")
        case CompanyFault.HOLIDAY_THERE:
            return _("This day is entered already; change the entry that is there.")
        case CompanyFault.HOLIDAYS_OF_COUNTRY_THERE:
            return _("These holidays are observed already.")
        case CompanyFault.HOLIDAY_INTERVALS_NEED_A_DAY:
            return _("Only a single day can have intervals.")
        case CompanyFault.SUBDIVISION_WITHOUT_COUNTRY:
            return _("A subdivision needs a country.")
        case CompanyFault.NO_HOLIDAYS_KNOWN:
            return _("No public holidays are known for this country; add its days one by one.")
        case CompanyFault.ADDRESS_NOT_VALID:
            return _("Write sip:user@host, or client: and letters, digits and underscores.")
        case CompanyFault.ADDRESS_IS_SATELLITE:
            return _("Satellite and international network numbers are not dialled.")
        case CompanyFault.ADDRESS_IS_NO_ORDINARY_NUMBER:
            return _(
                "This is not an ordinary number (premium rate, shared cost, a pager or unassigned); give a fixed, mobile, "
                "VoIP or toll-free one."
            )
        case CompanyFault.ADDRESS_IS_OWN_LINE:
            return _("This is one of your own lines: calls would go round in a loop.")
        case CompanyFault.ADDRESS_IS_PRIVATE:
            return _("This address is in a private network, which the provider cannot reach.")
        case CompanyFault.COUNTRY_NOT_DIALLED:
            return _("Give the ISO code of a country that has telephone numbers, like FR.")
        case CompanyFault.MENU_RINGS_MANAGEMENT:
            return _("Management is rung for VIPs only; let the key lead to a queue or to another operator.")
        case CompanyFault.END_WITHOUT_A_STATE:
            return _("Only what is said by hand has an end; by the hours it needs none.")
        case CompanyFault.PRESENCE_ENDS_IN_THE_PAST | CompanyFault.ENDS_IN_THE_PAST:
            return _("The end has passed already.")
        case CompanyFault.NOT_A_WHOLE_NUMBER:
            return _("Enter a whole number.")
        case CompanyFault.NOT_A_NUMBER:
            return _("Enter a number like 0.0085.")
        case CompanyFault.UNKNOWN_QUEUE:
            return _("There is no queue with this id.")
        case CompanyFault.RULE_MEANS_EVERYBODY:
            return _("Give at least one condition: a rule for every call is a setting of the line.")
        case CompanyFault.TOO_MANY_RULES:
            return _("There are as many rules as there can be; delete one first.")
        case CompanyFault.NAME_NOT_VISIBLE:
            return _("Give a name that can be seen.")
        case CompanyFault.WHOLE_NUMBER_WANTED:
            return _("Write a whole number, like 30, or leave the field empty.")
        case CompanyFault.AMOUNT_WANTED:
            return _("Write an amount like 0.0085, or leave the field empty.")
        case _:
            assert_never(fault)
