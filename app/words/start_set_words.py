"""The categories and the script that a new company begins with, in the words of the language that is spoken. They say what
to do, and never what somebody is like."""

from typing import NamedTuple

from app.base.language import gettext as _


class StartCategory(NamedTuple):
    """A category to begin with: ``key`` tells it apart in every language."""

    key: str
    name: str
    word: str = ""
    required_treatment: str = ""
    opening: str = ""
    avoid: str = ""
    offer: str = ""


def start_categories() -> list[StartCategory]:
    """Ordinary, VIP, needs care, company, employee, supplier, prospect, prepayment only."""
    return [
        StartCategory("ordinary", _("Ordinary")),
        StartCategory(
            "vip", _("VIP client"), _("Put through first"), "",
            _("Greet by name, and take the matter on yourself."), _("Transferring more than once."),
            _("A call back by whoever decides, with the hour."),
        ),
        StartCategory(
            "care", _("Needs care"), _("Use the script"), "",
            _("Let them finish, then say the matter in your own words."),
            _("Explaining why it happened before you have said what will be done."),
            _("A next step with a day, and a supervisor on the call."),
        ),
        StartCategory(
            "company", _("Company"), _("Ask who is calling"), "",
            _("Ask for the name and the order or contract number."), _("Promising for a colleague."),
            _("Everything in writing to the company's address."),
        ),
        StartCategory("employee", _("Employee"), _("Colleague")),
        StartCategory(
            "supplier", _("Supplier"), _("Note the delivery"), "",
            _("Ask for the delivery or invoice number."), _("Agreeing on prices by telephone."),
        ),
        StartCategory(
            "prospect", _("Prospect"), _("Find out what is needed"), "",
            _("Ask how they came to us and what they need it for."), _("Naming a price before the need is clear."),
            _("A visit, a sample or a written offer."),
        ),
        StartCategory(
            "prepayment", _("Prepayment only"), _("Prepayment only"),
            _("Take the payment before the order is confirmed."),
            _("Say kindly that we begin when the payment is here."), _("Discussing earlier invoices, unless they ask."),
            _("A payment link while they are on the line."),
        ),
    ]  # fmt: skip


def start_script_name() -> str:
    """What the script is called."""
    return _("Difficult conversation")


def start_script_steps() -> list[dict[str, str]]:
    """Four steps for a difficult conversation."""
    return [
        {
            "title": _("State the matter neutrally"),
            "text": _("“You ordered on the third, and it has not come yet.” Facts only: no cause, no fault."),
        },
        {
            "title": _("Say it from the client's side"),
            "text": _("“You planned with it, and now your work stands still. I understand that you call.”"),
        },
        {
            "title": _("Say it from our side"),
            "text": _("“The carrier has it since Monday. This is what I see here, and what I do not know yet.”"),
        },
        {
            "title": _("Propose a solution"),
            "text": _(
                "“I will call the carrier now and you by four. If it is not found, we send another.” One step, one day."
            ),
        },
    ]
