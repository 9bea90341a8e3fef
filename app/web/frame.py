"""What stands around every page of somebody who is signed in: top bar, sections, their own settings."""

from dataclasses import dataclass
from typing import Any, Final

from fastapi import Request
from fastapi.responses import HTMLResponse

from app.auth.principal import Principal
from app.auth.roles import Role, at_least
from app.auth.same_site import token_for
from app.auth.tenant import presence_of, tenant_of
from app.base.errors import NotAuthenticated
from app.base.language import gettext as _
from app.base.problems.requests import RequestFault
from app.switchboard import Switchboard
from app.web.drawing import page


@dataclass(frozen=True, slots=True)
class Section:
    """An entry of the navigation. Everything below ``path``, or below ``below``, belongs to it, unless it is ``alone``.
    ``seldom`` is one that stands under *More* until somebody is there."""

    path: str
    name: str
    role: Role
    below: str = ""
    alone: bool = False
    seldom: bool = False

    def is_here(self, path: str) -> bool:
        """Whether ``path`` is in this section."""
        return path == self.path or (not self.alone and path.startswith(self.below or f"{self.path}/"))


def sections(role: Role) -> list[Section]:
    """The pages that somebody of ``role`` may open."""
    every = (
        Section("/", _("Calls"), Role.OPERATOR, alone=True),
        Section("/live", _("Live view"), Role.SUPERVISOR),
        Section("/calls", _("Call log"), Role.OPERATOR),
        Section("/callbacks", _("Call-backs"), Role.OPERATOR),
        Section("/voicemails", _("Voicemail"), Role.OPERATOR),
        Section("/matters", _("Matters"), Role.OPERATOR),
        Section("/reports/calls", _("Reports"), Role.SUPERVISOR, "/reports/", seldom=True),
        Section("/clients", _("Clients"), Role.OPERATOR),
        Section("/segments", _("Segments"), Role.SUPERVISOR, seldom=True),
        Section("/lists/vip", _("Lists"), Role.SUPERVISOR, "/lists/"),
        Section("/test", _("Test a number"), Role.SUPERVISOR, seldom=True),
        Section("/lines", _("Open or closed"), Role.SUPERVISOR, seldom=True),
        Section("/booth", _("Phone booth"), Role.ADMIN, seldom=True),
        Section("/settings" if role is Role.ADMIN else "/settings/me", _("Settings"), Role.OPERATOR, "/settings/"),
    )
    return [section for section in every if at_least(role, section.role)]


@dataclass(frozen=True, slots=True)
class Group:
    """Some of the pages below *Settings*, of one kind, under the kind's name."""

    name: str
    sections: list[Section]

    @property
    def path(self) -> str:
        """Where one is who chooses the group: the first of its pages."""
        return self.sections[0].path

    def is_here(self, path: str) -> bool:
        """Whether ``path`` is in one of its sections."""
        return any(section.is_here(path) for section in self.sections)


def settings_groups(role: Role) -> list[Group]:
    """The pages below *Settings* that somebody of ``role`` may open, in groups, and in these in the order in which a company
    is set up."""
    every = (
        Group(_("General"), [
            Section("/settings", _("At a glance"), Role.ADMIN, alone=True),
            Section("/settings/company", _("Company"), Role.ADMIN),
            Section("/settings/me", _("You"), Role.OPERATOR),
        ]),
        Group(_("Calls"), [
            Section("/settings/lines", _("Lines"), Role.ADMIN),
            Section("/settings/hours", _("Opening hours"), Role.ADMIN),
            Section("/settings/holidays", _("Holidays"), Role.ADMIN),
            Section("/settings/menus", _("Menus"), Role.ADMIN),
            Section("/settings/queues", _("Queues"), Role.ADMIN),
            Section("/settings/rules", _("Rules"), Role.ADMIN),
            Section("/settings/texts", _("Texts"), Role.ADMIN),
            Section("/settings/audio", _("Recordings"), Role.ADMIN),
        ]),
        Group(_("Lists and clients"), [
            Section("/settings/categories", _("Categories"), Role.ADMIN),
            Section("/settings/scripts", _("Scripts"), Role.ADMIN),
            Section("/settings/client-fields", _("Client fields"), Role.ADMIN),
            Section("/settings/products", _("Products"), Role.ADMIN),
            Section("/settings/borders", _("Borders of the segments"), Role.ADMIN),
            Section("/settings/subscriptions", _("Lists of others"), Role.ADMIN),
            Section("/settings/treatments", _("Treatments"), Role.ADMIN),
            Section("/settings/fake-queue", _("Fake queue"), Role.SUPERVISOR),
        ]),
        Group(_("People"), [
            Section("/settings/operators", _("Operators"), Role.ADMIN),
            Section("/settings/people", _("People"), Role.ADMIN),
        ]),
        Group(_("Connections"), [
            Section("/settings/accounts", _("Providers"), Role.ADMIN),
            Section("/settings/signatures", _("Signatures"), Role.ADMIN),
            Section("/settings/webhooks", _("Webhooks"), Role.ADMIN),
            Section("/settings/look-ups", _("Look-ups"), Role.ADMIN),
            Section("/settings/api-keys", _("API keys"), Role.ADMIN),
            Section("/settings/fallback", _("Fallback document"), Role.ADMIN),
        ]),
        Group(_("History"), [
            Section("/settings/audit", _("Changes"), Role.ADMIN),
            Section("/settings/rehearsals", _("Rehearsals"), Role.ADMIN),
            Section("/settings/configuration", _("Configuration"), Role.ADMIN),
        ]),
    )  # fmt: skip
    groups = [Group(one.name, [each for each in one.sections if at_least(role, each.role)]) for one in every]
    return [one for one in groups if one.sections]


def settings_sections(role: Role) -> list[Section]:
    """The same without their groups."""
    return [section for group in settings_groups(role) for section in group.sections]


HTMX: Final = '{"includeIndicatorCSS": false, "history": false, "noSwap": [204, 304, "4xx", "5xx"]}'


async def draw_in_frame(
    request: Request, board: Switchboard, who: Principal, template: str, status: int = 200, **values: Any
) -> HTMLResponse:
    """A whole page, whose template extends ``frame.html``. Raises :class:`NotAuthenticated` for programs."""
    if who.session_hash is None:
        raise NotAuthenticated(RequestFault.PAGES_ARE_FOR_PEOPLE)
    tenant, here = await tenant_of(board, who), request.url.path
    open_to_them = [(section, section.is_here(here)) for section in sections(who.role)]
    in_settings = here.startswith("/settings")
    return page(
        template,
        status,
        company=tenant.plan.company if tenant.plan else "",
        who=who,
        csrf_token=token_for(board.settings, who.session_hash),
        sections=[(section, is_here) for section, is_here in open_to_them if is_here or not section.seldom],
        more_sections=[section for section, is_here in open_to_them if section.seldom and not is_here],
        settings_groups=[(one, one.is_here(here)) for one in settings_groups(who.role)] if in_settings else [],
        settings_sections=[(one, one.is_here(here)) for one in settings_sections(who.role)] if in_settings else [],
        htmx_settings=HTMX,
        presence=presence_of(tenant, who),
        **values,
    )
