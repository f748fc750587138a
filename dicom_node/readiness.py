"""Is the node ready for studies, and if not, what is missing?"""

import logging
import time

import click

from dicom_node.errors import LedgerAway
from dicom_node.ledger import Ledger, models, processes
from dicom_node.ledger.models import ModelState
from dicom_node.ledger.processes import Process
from dicom_node.queue.broker import broker_url, does_answer
from dicom_node.settings import Settings

logger = logging.getLogger(__name__)

PATIENCE_SECONDS = 60.0


class Herald:
    """Prints `ready` once, when the SCP listens and a worker is warm; says what is missing when that takes long."""

    def __init__(self, ledger: Ledger, settings: Settings) -> None:
        self._ledger = ledger
        self._settings = settings
        self._since = time.time()
        self._has_told = False
        self._has_complained = False

    def tell(self) -> None:
        """Look, and print what is new."""
        if self._has_told:
            return
        missing = self._missing()
        if missing is None:
            click.echo("ready")
            self._has_told = True
        elif not self._has_complained and time.time() - self._since > PATIENCE_SECONDS:
            logger.warning("not ready yet: %s", missing)
            self._has_complained = True

    def _missing(self) -> str | None:
        try:
            with self._ledger.snapshot() as tx:
                alive = processes.alive(tx, now=time.time())
                found = models.all_found(tx)
        except LedgerAway as error:
            return str(error)
        missing = reason_not_ready([each for each in alive if each.started_at >= self._since], found)
        if missing is None and broker_url(self._settings) is not None and not does_answer(self._settings):
            return "Redis does not answer"
        return missing


def reason_not_ready(alive: list[Process], found: list[ModelState]) -> str | None:
    """What is missing until a study can come and be analysed. Pure."""
    if not _any_is(alive, "receive", "listening"):
        return "the door is not open"
    if _any_is(alive, "work", "ready"):
        return None
    reasons = [f"{each.model_name}: {each.reason_not_ready}" for each in found if each.reason_not_ready]
    if reasons:
        return "no model is ready; " + "; ".join(reasons)
    return "no worker has a model ready; see `dicom-node check`"


def _any_is(alive: list[Process], kind: str, state: str) -> bool:
    """Of several processes of a kind each has a state of its own: one that is ready is enough."""
    return any(each.kind == kind and each.state.startswith(state) for each in alive)
