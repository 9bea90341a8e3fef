"""``/sales/imports`` and the page ``/sales/import``."""

from typing import Final

from app.auth.roles import Role
from app.base.language import gettext as _
from app.lists.imports.import_page import ImportPages
from app.lists.imports.imports_api import ImportsApi
from app.sales.imports.sale_importer import SALE_IMPORTER, TARGET


def _title() -> str:
    return _("Sales")


SALE_IMPORTS: Final = ImportsApi(
    TARGET, SALE_IMPORTER, read=Role.SUPERVISOR, write=Role.SUPERVISOR, takes="CSV, TSV, XLSX, XLS, ODS, or JSON"
)
SALE_IMPORT_PAGES: Final = ImportPages(
    TARGET, "/sales", SALE_IMPORTER, _title, read=Role.SUPERVISOR, write=Role.SUPERVISOR, tells_calls=False
)
