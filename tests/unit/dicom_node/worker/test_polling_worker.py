import threading

import pytest

from dicom_node.process import Process
from dicom_node.worker import polling_worker
from dicom_node.worker.polling_worker import run_polling_worker


@pytest.fixture
def process(ledger, monkeypatch) -> Process:
    monkeypatch.setattr(polling_worker, "LOOK_EVERY_SECONDS", 0.01)
    return Process(ledger, "work")


def test_all_that_waits_is_done_before_it_looks_again(process, monkeypatch):
    waiting, looked = [True, True, False, True, False], []

    def analyse_next(bench) -> bool:
        looked.append(bench)
        if not waiting:
            process.stop.set()
            return False
        return waiting.pop(0)

    monkeypatch.setattr(polling_worker, "analyse_next", analyse_next)
    run_polling_worker(process, "the bench")  # type: ignore[arg-type]
    assert looked == ["the bench"] * 6


def test_a_long_queue_does_not_keep_it_from_stopping(process, monkeypatch):
    done = []

    def analyse_next(_) -> bool:
        done.append(1)
        if len(done) == 3:
            process.stop.set()
        return True

    monkeypatch.setattr(polling_worker, "analyse_next", analyse_next)
    thread = threading.Thread(target=run_polling_worker, args=(process, None), daemon=True)
    thread.start()
    thread.join(5)
    assert not thread.is_alive()
    assert len(done) == 3
