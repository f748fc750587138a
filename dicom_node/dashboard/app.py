"""The dashboard as an application: which address is answered by what."""

import time
from collections.abc import Callable
from pathlib import Path

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles

from dicom_node.dashboard.headers import SecurityHeaders
from dicom_node.dashboard.health import Health
from dicom_node.dashboard.metrics import Metrics
from dicom_node.dashboard.pages import Pages
from dicom_node.errors import LedgerAway
from dicom_node.ledger import Ledger
from dicom_node.settings import Settings

_STATIC = Path(__file__).parent / "static"


def create_app(*, ledger: Ledger, settings: Settings, clock: Callable[[], float] = time.time) -> Starlette:
    """The window on one ledger; ``clock`` gives seconds since the epoch, once a request."""
    pages = Pages(ledger=ledger, settings=settings, clock=clock)
    health = Health(
        ledger=ledger, destinations=tuple(settings.destinations), spool=settings.spool_folder, clock=clock
    )
    metrics = Metrics(ledger=ledger, spool=settings.spool_folder, clock=clock)
    app = Starlette(
        routes=[
            Route("/", pages.home),
            Route("/studies/{study_instance_uid}", pages.study),
            Route("/not-taken", pages.not_taken),
            Route("/healthz", health.answer),
            Route("/metrics", metrics.answer),
            Mount("/static", StaticFiles(directory=_STATIC)),
        ],
        middleware=[Middleware(SecurityHeaders)],
        exception_handlers={
            HTTPException: pages.refused,
            LedgerAway: pages.ledger_away,
            500: pages.broken,
        },
    )
    app.router.redirect_slashes = False  # it would answer with an absolute address, wrong behind a proxy
    return app
