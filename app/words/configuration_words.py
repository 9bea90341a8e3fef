"""What a configuration document says of itself, and what was changed of a set-up, in words."""

from app.base.language import gettext as _


def head_words(company: str) -> str:
    """The comment at the head of the document of ``company``."""
    return _(
        "The set-up of %(company)s. What is left out has its default, a section that is left out stays as it is, and what "
        "stands in none of its sections goes when this is applied. Names are references, so renaming is done here and "
        "wherever the name stands. Passwords, keys, PINs and the accounts at providers are never in here, nor are the VIP "
        "list, the blacklist and the clients, which have their own exports.",
        company=company,
    )


def section_words(name: str) -> str:
    """The comment on a section; empty for one that has none."""
    match name:
        case "company":
            return _("Name and place, what unwanted and hidden callers get, and whom nobody can block.")
        case "texts":
            return _("Own words in place of the standard ones, by text and language.")
        case "lines":
            return _("The numbers that people call, in the international form.")
        case "hours":
            return _("When lines are open, by the wall clock of the line.")
        case "holidays":
            return _("A country's public holidays, or single days; without lines, for all of them.")
        case "menus":
            return _("What callers hear first, and where their keys lead.")
        case "queues":
            return _("Where callers wait. The first one takes who is sent nowhere else.")
        case "operators":
            return _("Who takes calls, and where they are rung.")
        case "categories":
            return _("Kinds of clients, and how their calls are received.")
        case "rules":
            return _("The company's own rules, in the order in which they are asked.")
        case _:
            return ""


def act_words(act: str, path: str, fields: str) -> str:
    """One change: ``act`` is ``add``, ``change`` or ``delete``; ``fields`` are the names of what has changed."""
    match act:
        case "add":
            return _("%(path)s added", path=path)
        case "delete":
            return _("%(path)s deleted", path=path)
        case _:
            return _("%(path)s changed: %(fields)s", path=path, fields=fields) if fields else path
