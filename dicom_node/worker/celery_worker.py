"""The Celery worker: a parent that only listens, and one child that holds TensorFlow and the models.

TensorFlow is never touched in the parent: a child forked from a process that has run a model hangs.
"""

import logging
import warnings
from collections.abc import Callable

from celery import Celery, signals
from celery.exceptions import SecurityWarning

from dicom_node.queue.broker import WAKE
from dicom_node.queue.hints import send_hint
from dicom_node.worker.analysis import analyse_next
from dicom_node.worker.task import Bench

logger = logging.getLogger(__name__)


def run_celery_worker(
    app: Celery,
    open_bench: Callable[[], Bench],
    close_bench: Callable[[], None],
    *,
    time_limit_seconds: float,
) -> None:
    """Serve hints until SIGTERM. ``open_bench`` is called in each child after the fork, the other at its end.

    An analysis that runs longer than ``time_limit_seconds`` is ended with its child; its lease
    expires and the ledger gives it to the next.
    """
    benches: list[Bench] = []

    def on_child_started(**_signal: object) -> None:
        try:
            benches.append(open_bench())
        except Exception as error:
            logger.exception("this worker cannot start")
            raise SystemExit(1) from error  # Celery would go on with a child that can do nothing

    def wake() -> None:
        """One hint, one analysis; the hint is passed on, so that few hints serve a long queue."""
        if analyse_next(benches[0]):
            send_hint(app)

    # Its advice on superusers is for those who unpickle tasks; ours carry no arguments.
    warnings.filterwarnings("ignore", category=SecurityWarning)

    def on_child_ends(**_signal: object) -> None:
        close_bench()

    signals.worker_process_init.connect(on_child_started, weak=False)
    signals.worker_process_shutdown.connect(on_child_ends, weak=False)
    app.task(wake, name=WAKE, time_limit=time_limit_seconds)
    worker = app.Worker(
        pool="prefork",
        concurrency=1,
        loglevel="WARNING",
        quiet=True,
        without_gossip=True,
        without_mingle=True,
        without_heartbeat=True,
    )
    worker.start()
