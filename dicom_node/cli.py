"""The command line: one command for each process and each question. The only place that composes rooms."""

import json
import logging
import signal
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import click

from dicom_node import __version__
from dicom_node.errors import LedgerUnusable, NodeError
from dicom_node.ledger import Ledger, analyses, callers, models, processes, report, waiting
from dicom_node.logs import log_to_stderr
from dicom_node.process import Process
from dicom_node.settings import Settings, load_settings
from dicom_node.spool import DiskSpool

logger = logging.getLogger(__name__)


class Commands(click.Group):
    """Turns the node's own errors into one clear sentence and exit code 1."""

    def invoke(self, context: click.Context) -> Any:
        """Run the command."""
        try:
            return super().invoke(context)
        except NodeError as error:
            raise click.ClickException(str(error)) from error


def settings_option(command: Callable[..., None]) -> Callable[..., None]:
    """``--settings FILE``, for every command."""
    return click.option(
        "--settings",
        "settings_file",
        type=click.Path(path_type=Path, dir_okay=False),
        help="The settings file; without it, settings.toml in this folder, else the defaults.",
    )(command)


def json_option(command: Callable[..., None]) -> Callable[..., None]:
    """``--json``, for questions."""
    return click.option("--json", "as_json", is_flag=True, help="For programs.")(command)


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="dicom-node")
def main() -> None:
    """A DICOM node that lets models read studies and brings the results to the PACS."""


@main.command()
@settings_option
def up(settings_file: Path | None) -> None:
    """Run all processes on this host; prints `ready` when studies may come."""
    from dicom_node.readiness import Herald
    from dicom_node.supervisor import Supervisor, the_only_one

    log_to_stderr("up")
    settings = load_settings(settings_file)
    stop = threading.Event()
    _stop_on_signals(stop)
    with the_only_one(_ledger_file(settings)):
        ledger = Ledger(settings.ledger.url)
        Supervisor(_programs(settings, settings_file)).run(stop, on_tick=Herald(ledger, settings).tell)


@main.command()
@settings_option
def receive(settings_file: Path | None) -> None:
    """The door: receive instances by C-STORE."""
    from dicom_node.scp.intake import Receiving
    from dicom_node.scp.recovery import enter_left_behind
    from dicom_node.scp.room import Room
    from dicom_node.scp.server import Door

    settings, ledger, spool = _open("receive", settings_file)
    enter_left_behind(spool, ledger)
    room = Room(spool.folder, keep_free_bytes=settings.spool.keep_free, clock=time.monotonic)
    receiving = Receiving(spool=spool, ledger=ledger, room=room, clock=time.time)
    with Process(ledger, "receive") as process:
        process.stop_on_signals()
        door = Door(settings.scp, receiving)
        process.say(f"listening on {settings.scp.host}:{settings.scp.port}")

        def look_around() -> None:
            if (
                receiving.rows.has_ended
            ):  # whoever supervises starts us again, and the marks say what to enter
                process.stop.set()
            door.do_duties()

        process.repeat(look_around, every_seconds=2.0)
        door.close()
        receiving.close()


@main.command()
@settings_option
def steward(settings_file: Path | None) -> None:
    """The steps between: completeness, routing, hints, rescue, delivery."""
    from dicom_node.steward import run_steward

    settings, ledger, spool = _open("steward", settings_file)
    with Process(ledger, "steward", state="at work") as process:
        process.stop_on_signals()
        run_steward(process, settings, spool)


@main.command()
@settings_option
def work(settings_file: Path | None) -> None:
    """A worker: let models read what waits."""
    from dicom_node.queue.broker import broker_url, is_embedded_broker_missing, make_app
    from dicom_node.worker.celery_worker import run_celery_worker
    from dicom_node.worker.polling_worker import run_polling_worker

    settings, ledger, spool = _open("work", settings_file)
    url = broker_url(settings)
    if url is not None and not is_embedded_broker_missing(settings):
        ledger.close()  # the child opens its own: connections do not survive a fork
        child = ExitStack()
        run_celery_worker(
            make_app(url),
            lambda: _open_bench(child.enter_context(_worker_process(settings)), settings, spool),
            child.close,
            time_limit_seconds=settings.queue.analysis_at_most_seconds,
        )
        return
    logger.warning("there is no broker: this worker looks into the ledger every second")
    with _worker_process(settings) as process:
        process.stop_on_signals()
        how = "; no broker, looks into the ledger every second"
        run_polling_worker(process, _open_bench(process, settings, spool, said_too=how))


@main.command()
@settings_option
def dashboard(settings_file: Path | None) -> None:
    """The window: status page, /healthz and /metrics."""
    from dicom_node.dashboard.app import create_app
    from dicom_node.dashboard.serve import serve

    settings, ledger, _ = _open("dashboard", settings_file)
    with Process(ledger, "dashboard", state="serving"):
        serve(
            create_app(ledger=ledger, settings=settings),
            host=settings.dashboard.host,
            port=settings.dashboard.port,
        )


@main.command()
@settings_option
@json_option
def check(settings_file: Path | None, as_json: bool) -> None:
    """Name every mistake in the settings, and whether all they name answers."""
    from dicom_node.check import check as look

    settings = load_settings(settings_file)
    all_well = True
    for finding in look(settings):
        all_well = all_well and finding.is_well
        if as_json:
            click.echo(json.dumps(finding.__dict__))
        else:
            click.echo(f"{'ok ' if finding.is_well else 'NO '} {finding.subject}: {finding.sentence}")
    if not all_well:
        sys.exit(1)


@main.command()
@settings_option
@json_option
def status(settings_file: Path | None, as_json: bool) -> None:
    """How much is owed, how old it is, and which processes and models are there."""
    from dicom_node.answers import status_as_json, status_as_text

    with _snapshot(settings_file) as tx:
        now = time.time()
        depth = report.depth(tx, now=now)
        alive = processes.alive(tx, now=now)
        found = models.all_found(tx)
        refused = callers.refused(tx, since=now - callers.SHOWN_FOR_SECONDS)
    if as_json:
        click.echo(json.dumps(status_as_json(depth, alive, found, refused), indent=2))
    else:
        click.echo("\n".join(status_as_text(depth, alive, found, refused)))


@main.command()
@settings_option
@json_option
@click.option("--study", "study_instance_uid", help="One study alone, by its Study Instance UID.")
@click.option("--at-most", type=click.IntRange(1), default=100, show_default=True, help="The newest so many.")
def studies(settings_file: Path | None, as_json: bool, study_instance_uid: str | None, at_most: int) -> None:
    """What became of each study, and why."""
    from dicom_node.answers import studies_as_json, studies_as_text

    with _snapshot(settings_file) as tx:
        found = report.studies(tx, at_most=at_most, study_instance_uid=study_instance_uid)
        found = waiting.explained(tx, found, now=time.time())
    if study_instance_uid and not found:
        raise click.ClickException("the node has not received a study of this Study Instance UID")
    if as_json:
        click.echo(json.dumps(studies_as_json(found), indent=2))
    else:
        click.echo("\n".join(studies_as_text(found)) or "no study has come yet")


@main.command()
@settings_option
@click.option("--study", "study_instance_uid", required=True, help="Its Study Instance UID.")
def retry(settings_file: Path | None, study_instance_uid: str) -> None:
    """Have the failed analyses of a study tried again, when their cause is gone."""
    ledger = _known_ledger(settings_file)
    with ledger.transaction() as tx:
        queued = analyses.retry_failed(tx, study_instance_uid, now=time.time())
    ledger.close()
    if not queued:
        raise click.ClickException(
            "this study has no failed analysis; `dicom-node studies` shows what there is"
        )
    click.echo(f"queued again: {queued}")


@main.command()
@settings_option
@click.option("--once", is_flag=True, help="End when all is shown, also under a terminal.")
@click.option(
    "--out", type=click.Path(path_type=Path, file_okay=False), default=Path("demo-out"), show_default=True
)
def demo(settings_file: Path | None, once: bool, out: Path) -> None:
    """Rehearse: a real chest X-ray through the whole node, into a stand-in PACS."""
    from dicom_node.demo.rehearsal import rehearse

    log_to_stderr("demo", logging.WARNING)
    for number in (signal.SIGTERM, signal.SIGHUP):  # as Ctrl-C: the node it started ends with it
        signal.signal(number, signal.default_int_handler)
    rehearse(load_settings(settings_file), out=out, stay=sys.stdout.isatty() and not once)


def _open(process: str, settings_file: Path | None) -> tuple[Settings, Ledger, DiskSpool]:
    log_to_stderr(process)
    settings = load_settings(settings_file)
    return settings, Ledger(settings.ledger.url), DiskSpool(settings.spool_folder)


@contextmanager
def _snapshot(settings_file: Path | None) -> Iterator[Any]:
    ledger = _known_ledger(settings_file)
    with ledger.snapshot() as tx:
        yield tx
    ledger.close()


def _known_ledger(settings_file: Path | None) -> Ledger:
    """The ledger a node has made; asking must not make an empty one in whatever folder one stands."""
    settings = load_settings(settings_file)
    url = settings.ledger.url
    if not _ledger_file(settings).exists():
        raise LedgerUnusable(
            f"there is no ledger {url}: has the node run with these settings? name them with --settings"
        )
    return Ledger(url)


def _ledger_file(settings: Settings) -> Path:
    return Path(settings.ledger.url.removeprefix("sqlite:///"))


def _stop_on_signals(stop: threading.Event) -> None:
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda _number, _frame: stop.set())


def _programs(settings: Settings, settings_file: Path | None) -> list[Any]:
    from dicom_node.queue.broker import does_answer, embedded_server_command
    from dicom_node.supervisor import Program

    ours = [sys.executable, "-m", "dicom_node"]
    named = ["--settings", str(settings_file)] if settings_file else []
    broker = embedded_server_command(settings)
    programs = []
    if broker:
        programs.append(Program(name="broker", command=broker, is_well=lambda: does_answer(settings)))
    # Ended in reverse: first the door, so that nothing new comes in, the broker last.
    kinds = ("dashboard", "work", "steward", "receive")
    return programs + [Program(name=kind, command=[*ours, kind, *named]) for kind in kinds]


def _worker_process(settings: Settings) -> Process:
    return Process(Ledger(settings.ledger.url), "work", state="loading models")


def _open_bench(process: Process, settings: Settings, spool: DiskSpool, *, said_too: str = "") -> Any:
    from dicom_node.routing.packages import find_packages
    from dicom_node.worker.models import load_models
    from dicom_node.worker.recipients import recipients_of
    from dicom_node.worker.task import Bench

    packages = find_packages(settings.inference.packages).usable
    ready = load_models(process.ledger, [package.folder for package in packages])
    readiness = "ready" if ready else "idle"
    process.say(f"{readiness} with {len(ready)} of {len(packages)} models{said_too}")
    return Bench(
        name=process.name,
        ledger=process.ledger,
        spool=spool,
        models=ready,
        recipients=recipients_of(settings.destinations),
        settings=settings.queue,
        results=settings.results,
    )
