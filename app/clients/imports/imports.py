"""``/clients/imports`` and the page ``/clients/import``."""

from typing import Final

from app.auth.roles import Role
from app.base.language import gettext as _
from app.clients.imports.client_importer import CLIENT_IMPORTER, TARGET
from app.lists.imports.import_page import ImportPages
from app.lists.imports.imports_api import ImportsApi


def _title() -> str:
    return _("Clients")


CLIENT_IMPORTS: Final = ImportsApi(
    TARGET, CLIENT_IMPORTER, read=Role.OPERATOR, write=Role.OPERATOR, takes="CSV, TSV, XLSX, XLS, ODS, JSON, or vCard"
)
CLIENT_IMPORT_PAGES: Final = ImportPages(
    TARGET, "/clients", CLIENT_IMPORTER, _title, read=Role.OPERATOR, write=Role.OPERATOR
)
