from collections.abc import Callable

import pytest
from celery import signals

from dicom_node.queue.broker import WAKE
from dicom_node.worker import celery_worker
from dicom_node.worker.celery_worker import run_celery_worker


class _App:
    """A Celery application that remembers its task and its worker's options, and starts nothing."""

    def __init__(self) -> None:
        self.options: dict[str, object] = {}
        self.task_options: dict[str, object] = {}
        self.wake: Callable[[], None] = lambda: pytest.fail("no task was registered")
        self.started = 0

    def task(self, function: Callable[[], None], **options: object) -> None:
        self.wake, self.task_options = function, options

    def Worker(self, **options: object) -> "_App":  # noqa: N802 (Celery's name)
        self.options = options
        return self

    def start(self) -> None:
        self.started += 1


def _nothing() -> None:
    """Closes no bench."""


@pytest.fixture
def app() -> _App:
    return _App()


@pytest.fixture(autouse=True)
def no_signal_left_behind(monkeypatch):
    for signal in (signals.worker_process_init, signals.worker_process_shutdown):
        monkeypatch.setattr(signal, "receivers", [])
        signal.sender_receivers_cache.clear()


def _child_starts() -> None:
    signals.worker_process_init.send(sender=None)


@pytest.fixture
def hints_sent(monkeypatch) -> list[object]:
    sent: list[object] = []
    monkeypatch.setattr(celery_worker, "send_hint", sent.append)
    return sent


def test_one_prefork_child_and_a_limit_on_time(app):
    run_celery_worker(app, lambda: None, _nothing, time_limit_seconds=77.0)
    assert app.started == 1
    assert (app.options["pool"], app.options["concurrency"]) == ("prefork", 1)
    assert app.task_options == {"name": WAKE, "time_limit": 77.0}


def test_the_bench_is_opened_in_the_child_and_not_before(app):
    opened = []
    run_celery_worker(app, lambda: opened.append("bench"), _nothing, time_limit_seconds=1)
    assert opened == []
    _child_starts()
    assert opened == ["bench"]


def test_the_bench_is_closed_when_the_child_ends(app):
    story = []
    run_celery_worker(
        app, lambda: story.append("opened"), lambda: story.append("closed"), time_limit_seconds=1
    )
    _child_starts()
    assert story == ["opened"]
    signals.worker_process_shutdown.send(sender=None, pid=1, exitcode=0)
    assert story == ["opened", "closed"]


@pytest.mark.parametrize("did_something", [True, False])
def test_a_hint_is_passed_on_while_there_was_something_to_do(app, monkeypatch, hints_sent, did_something):
    benches = []
    monkeypatch.setattr(celery_worker, "analyse_next", lambda bench: benches.append(bench) or did_something)
    run_celery_worker(app, lambda: "the bench", _nothing, time_limit_seconds=1)
    _child_starts()
    app.wake()
    assert benches == ["the bench"]
    assert hints_sent == ([app] if did_something else [])


def test_a_child_that_cannot_open_its_bench_ends(app, caplog):
    def cannot():
        raise RuntimeError("no models")

    run_celery_worker(app, cannot, _nothing, time_limit_seconds=1)
    with pytest.raises(SystemExit):
        _child_starts()
    assert "this worker cannot start" in caplog.text
