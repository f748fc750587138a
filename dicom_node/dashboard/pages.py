"""The pages for people: the node at a glance, one study whole, and what is shown when neither is possible."""

import logging
from collections.abc import Callable
from dataclasses import dataclass

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from dicom_node.dashboard.condition import condition_of
from dicom_node.dashboard.facts import Facts, read_facts
from dicom_node.dashboard.frame import render
from dicom_node.dashboard.quarantine import conflicts_in
from dicom_node.dashboard.story import declined_of, stations_of, ways_of
from dicom_node.events import MEANING
from dicom_node.ledger import Ledger, Transaction, report, waiting
from dicom_node.settings import Settings
from dicom_node.spool.layout import is_uid

STUDIES_AT_MOST = 50
EVENTS_AT_MOST = 500

_log = logging.getLogger(__name__)


@dataclass(frozen=True, kw_only=True)
class Pages:
    """Answers requests for pages from one snapshot of the ledger each; ``clock`` is read once a page."""

    ledger: Ledger
    settings: Settings
    clock: Callable[[], float]

    def home(self, request: Request) -> Response:
        """``/``: how the node is, and the latest studies."""
        now = self.clock()
        with report.answering(self.ledger) as tx:
            facts = self._facts(tx, now)
            studies = waiting.explained(tx, report.studies(tx, at_most=STUDIES_AT_MOST), now=self.clock())
        return render(
            request,
            "home.html",
            now=now,
            facts=facts,
            condition=condition_of(facts),
            studies=studies,
            ways_of=ways_of,
            studies_in_all=sum(facts.depth.studies.values()),
            settings=self.settings,
        )

    def study(self, request: Request) -> Response:
        """``/studies/{study_instance_uid}``: one study, whole; 404 for what is no UID or not known."""
        study_instance_uid = request.path_params["study_instance_uid"]
        if not is_uid(study_instance_uid):
            raise HTTPException(404, "That is no Study Instance UID.")
        with report.answering(self.ledger) as tx:
            found = report.studies(tx, study_instance_uid=study_instance_uid)
            found = waiting.explained(tx, found, now=self.clock())
            events = report.latest_events(tx, at_most=EVENTS_AT_MOST, study_instance_uid=study_instance_uid)
            conflicts = conflicts_in(tx, self.settings.spool_folder, study_instance_uid=study_instance_uid)
        if not found:
            raise HTTPException(404, "The node has not received a study of this Study Instance UID.")
        return render(
            request,
            "study.html",
            now=self.clock(),
            study=found[0],
            stations=stations_of(found[0]),
            declined=declined_of(found[0]),
            events=events,
            conflicts=conflicts,
            spool=self.settings.spool_folder,
            meaning=MEANING,
        )

    def not_taken(self, request: Request) -> Response:
        """``/not-taken``: what lies in quarantine, which instances were rejected, which callers refused."""
        now = self.clock()
        with report.answering(self.ledger) as tx:
            facts = self._facts(tx, now)
            conflicts = conflicts_in(tx, self.settings.spool_folder)
        return render(
            request,
            "not_taken.html",
            now=now,
            facts=facts,
            conflicts=conflicts,
            spool=self.settings.spool_folder,
        )

    def refused(self, request: Request, error: Exception) -> Response:
        """What is not there, or not asked for in a way that is answered here."""
        assert isinstance(error, HTTPException)
        what = "There is no such page." if error.detail == "Not Found" else error.detail
        answer = self._message(request, "Not here", what, status=error.status_code)
        answer.headers.update(error.headers or {})
        return answer

    def ledger_away(self, request: Request, error: Exception) -> Response:
        """503: without the ledger nothing can be said of the node."""
        _log.error("%s", error)
        what = f"{error}. Look at the disk it lies on, and at [ledger] url in the settings."
        return self._message(request, "Nothing can be said of the node", what, status=503)

    def broken(self, request: Request, _error: Exception) -> Response:
        """500: a fault of the dashboard itself; the server writes its traceback to the log."""
        what = "The dashboard made a mistake; its log says which. The node's work goes on without it."
        return self._message(request, "This page is broken", what, status=500)

    def _facts(self, tx: Transaction, now: float) -> Facts:
        destinations = tuple(self.settings.destinations)
        return read_facts(tx, now=now, destinations=destinations, spool=self.settings.spool_folder)

    def _message(self, request: Request, title: str, what: str, *, status: int) -> Response:
        return render(request, "message.html", status=status, now=self.clock(), title=title, what=what)
