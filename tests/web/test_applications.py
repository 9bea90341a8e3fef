"""A process may make several applications; they share their routes, and none stays when it is over."""

import gc
import weakref

from app.base.settings import Settings
from app.main import create_app
from app.routes import ROUTES


def test_an_application_that_is_over_leaves_nothing_behind() -> None:
    app = weakref.ref(create_app(Settings(_env_file=None)))
    gc.collect()
    assert app() is None


def test_every_application_has_the_very_same_routes() -> None:
    one, other = (create_app(Settings(_env_file=None)).routes for _ in range(2))
    assert [id(route) for route in one[: len(ROUTES)]] == [id(route) for route in other[: len(ROUTES)]]
