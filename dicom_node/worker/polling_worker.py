"""The worker where there is no broker: looks into the ledger every second."""

from dicom_node.process import Process
from dicom_node.worker.analysis import analyse_next
from dicom_node.worker.task import Bench

LOOK_EVERY_SECONDS = 1.0


def run_polling_worker(process: Process, bench: Bench) -> None:
    """Do what waits, look again, until ``process`` is stopped."""

    def do_all_that_waits() -> None:
        while not process.stop.is_set() and analyse_next(bench):
            pass

    process.repeat(do_all_that_waits, every_seconds=LOOK_EVERY_SECONDS)
