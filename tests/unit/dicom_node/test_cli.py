import json
import os
import signal
import sys
import tomllib
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from dicom_node import cli
from dicom_node.errors import BrokerAway
from dicom_node.ledger import Ledger, analyses, callers
from dicom_node.ledger.schema import process, schema_version
from dicom_node.process import Process
from dicom_node.queue import broker
from dicom_node.settings import Settings, load_settings
from dicom_node.supervisor import the_only_one
from dicom_node.worker import models as worker_models
from inference.package.checksums import seal
from tests.unit.dicom_node.given import (
    MANIFEST,
    MODEL,
    NOW,
    STUDY,
    a_claim,
    a_result,
    an_instance,
    break_ledger,
    enter,
    row,
    succeed,
)


@pytest.fixture(autouse=True)
def no_settings_in_the_environment(monkeypatch):
    for name in [name for name in os.environ if name.startswith("DICOM_NODE_")]:
        monkeypatch.delenv(name)


@pytest.fixture
def package(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("packages") / "shades-1.2.3"
    folder.mkdir()
    (folder / "model.toml").write_text(MANIFEST, encoding="utf-8")
    seal(folder)
    return folder


@pytest.fixture
def settings_file(tmp_path, package) -> Path:
    path = tmp_path / "settings.toml"
    path.write_text(
        '[ledger]\nurl = "sqlite:///ledger.sqlite3"\n[queue]\nurl = "none"\n'
        f'[inference]\npackages = ["{package}"]\n',
        encoding="utf-8",
    )
    return path


@pytest.fixture
def signals_restored():
    before = {each: signal.getsignal(each) for each in (signal.SIGTERM, signal.SIGINT)}
    yield
    for each, handler in before.items():
        signal.signal(each, handler)


def _run(*words: str | Path) -> Result:
    return CliRunner().invoke(cli.main, [str(word) for word in words])


@pytest.mark.parametrize(
    "command", ["check", "status", "studies", "receive", "steward", "work", "up", "dashboard"]
)
def test_wrong_settings_end_every_command_with_all_mistakes(tmp_path, command, logging_restored):
    path = tmp_path / "settings.toml"
    path.write_text('[scp]\nport = "x"\nprt = 1\n[queue]\nurl = "amqp://h"\n', encoding="utf-8")
    result = _run(command, "--settings", path)
    assert result.exit_code == 1
    for mistake in (
        "[scp] port = 'x'",
        "[scp] prt: unknown; did you mean 'port'?",
        "[queue] url = 'amqp://h'",
    ):
        assert mistake in result.output
    assert "Traceback" not in result.output


def test_every_command_takes_settings():
    for name, command in cli.main.commands.items():
        assert "--settings" in [word for option in command.params for word in option.opts], name


def test_the_commands_are_those_of_the_manual():
    assert set(cli.main.commands) == {
        "up",
        "receive",
        "steward",
        "work",
        "dashboard",
        "check",
        "status",
        "studies",
        "retry",
        "demo",
    }
    assert all(command.help for command in cli.main.commands.values())


@pytest.mark.parametrize(
    "question", [["studies"], ["studies", "--json"], ["status"], ["retry", "--study", "1.2"]], ids=" ".join
)
def test_a_question_makes_no_ledger_where_there_is_none(settings_file, question):
    result = _run(*question, "--settings", settings_file)
    assert result.exit_code == 1
    assert "has the node run with these settings?" in result.output
    assert [path.name for path in settings_file.parent.iterdir()] == ["settings.toml"]


def test_an_empty_ledger_holds_no_studies(settings_file, ledger):
    result = _run("studies", "--json", "--settings", settings_file)
    assert (result.exit_code, json.loads(result.output)) == (0, [])
    assert _run("studies", "--settings", settings_file).output == "no study has come yet\n"


def test_studies_for_programs_and_people(settings_file, ledger):
    assert succeed(ledger, a_claim(ledger), a_result(), destinations=["pacs"])
    enter(ledger, an_instance(study="1.9"))
    (study,) = json.loads(_run("studies", "--json", "--settings", settings_file, "--study", STUDY).output)
    assert (study["study_instance_uid"], study["state"]) == (STUDY, "receiving")
    assert study["analyses"][0]["results"][0]["destination"] == "pacs"
    text = _run("studies", "--settings", settings_file).output
    assert "1.9  receiving  1 instances: waits for the steward: none is alive" in text
    assert study["waits_because"].startswith("waits for the steward: none is alive")
    assert "shades 1.2.3  succeeded, 1 attempts" in text
    assert (
        len(json.loads(_run("studies", "--json", "--settings", settings_file, "--at-most", "1").output)) == 1
    )


def test_a_failed_analysis_is_tried_again(settings_file, ledger):
    held = a_claim(ledger)
    nothing = _run("retry", "--study", STUDY, "--settings", settings_file)
    assert (nothing.exit_code, "this study has no failed analysis" in nothing.output) == (1, True)
    with ledger.transaction() as tx:
        analyses.fail(tx, held, reason="no memory", now=NOW)
    done = _run("retry", "--study", STUDY, "--settings", settings_file)
    assert (done.exit_code, done.output) == (0, "queued again: 1\n")
    (study,) = json.loads(_run("studies", "--json", "--settings", settings_file).output)
    assert study["analyses"][0]["state"] == "queued"


def test_asked_for_a_study_that_never_came_it_says_so(settings_file, ledger):
    enter(ledger, an_instance())
    result = _run("studies", "--study", "1.9", "--settings", settings_file)
    assert (result.exit_code, "has not received a study" in result.output) == (1, True)


@pytest.mark.parametrize("at_most", ["0", "-1"])
def test_no_fewer_than_one_study_can_be_asked_for(settings_file, ledger, at_most):
    assert _run("studies", "--at-most", at_most, "--settings", settings_file).exit_code == 2


def test_status_for_programs_and_people(settings_file, ledger):
    status = json.loads(_run("status", "--json", "--settings", settings_file).output)
    assert (status["analyses"]["queued"], status["processes"]) == (0, [])
    assert "start the node with `dicom-node up`" in _run("status", "--settings", settings_file).output


def test_status_shows_who_was_refused_within_a_day(settings_file, ledger, monkeypatch):
    monkeypatch.setattr(cli.time, "time", lambda: NOW + 86_400)
    for address, seen_at in (("10.0.0.9", NOW + 5), ("10.0.0.8", NOW - 5)):
        seen = callers.RefusedCaller(
            calling_ae_title="CT2",
            called_ae_title="ANY-SCP",
            address=address,
            is_tls=False,
            reason="is not known",
            remedy="Allow it.",
            first_seen_at=seen_at,
            last_seen_at=seen_at,
            times=1,
        )
        with ledger.transaction() as tx:
            callers.record(tx, [seen], now=NOW)
    status = json.loads(_run("status", "--json", "--settings", settings_file).output)
    assert [each["address"] for each in status["refused_callers"]] == ["10.0.0.9"]
    assert "refused     CT2 from 10.0.0.9, 1 times" in _run("status", "--settings", settings_file).output


def test_a_broken_ledger_is_one_sentence(settings_file, ledger):
    break_ledger(ledger)
    result = _run("studies", "--settings", settings_file)
    assert result.exit_code == 1
    assert "cannot be opened: file is not a database" in result.output
    assert "Traceback" not in result.output


def test_check_says_all_is_well(settings_file):
    result = _run("check", "--settings", settings_file)
    assert result.exit_code == 0
    assert {line[:3] for line in result.output.splitlines()} == {"ok "}
    found = [
        json.loads(line) for line in _run("check", "--json", "--settings", settings_file).output.splitlines()
    ]
    assert {each["subject"] for each in found} == {
        "modalities",
        "spool",
        "ledger",
        "broker",
        "model shades 1.2.3",
        "destinations",
    }
    assert all(each["is_well"] and each["sentence"] for each in found)


def test_check_ends_badly_when_something_is_wrong(settings_file, package):
    text = settings_file.read_text(encoding="utf-8")
    settings_file.write_text(text.replace(str(package), "nowhere"), encoding="utf-8")
    result = _run("check", "--settings", settings_file)
    assert result.exit_code == 1
    assert "NO  models: " in result.output


def test_the_version_is_that_of_the_package():
    declared = tomllib.loads((Path(__file__).parents[3] / "pyproject.toml").read_text(encoding="utf-8"))
    assert _run("--version").output.split()[-1] == declared["project"]["version"]


def test_up_runs_the_broker_first_and_the_door_last(settings_file, monkeypatch):
    settings = load_settings(settings_file, {})
    monkeypatch.setattr(broker, "embedded_server_command", lambda _: ["/bin/redis-server", "--port", "0"])
    programs = cli._programs(settings, settings_file)
    assert [program.name for program in programs] == ["broker", "dashboard", "work", "steward", "receive"]
    assert programs[0].command == ["/bin/redis-server", "--port", "0"]
    monkeypatch.setattr(broker, "ping", lambda _: None)
    assert programs[0].is_well is not None
    assert programs[0].is_well()
    monkeypatch.setattr(broker, "ping", _away)
    assert not programs[0].is_well()
    assert all(program.is_well is None for program in programs[1:])
    for program in programs[1:]:
        ours = [sys.executable, "-m", "dicom_node", program.name, "--settings", str(settings_file)]
        assert list(program.command) == ours


def _away(_: Settings) -> None:
    raise BrokerAway("Redis does not answer")


def test_a_second_up_is_refused_with_a_sentence_and_starts_nothing(
    settings_file, tmp_path, monkeypatch, logging_restored, signals_restored
):
    monkeypatch.setattr(cli, "_programs", lambda *_: pytest.fail("it must start nothing"))
    with the_only_one(tmp_path / "ledger.sqlite3"):
        result = _run("up", "--settings", settings_file)
    assert result.exit_code == 1
    assert result.output == "Error: another `dicom-node up` runs with these settings; end it first\n"


@pytest.mark.parametrize(
    ("ready", "state"),
    [({}, "idle with 0 of 1 models"), ({MODEL: "the model"}, "ready with 1 of 1 models")],
)
def test_a_worker_without_a_model_does_not_say_that_it_is_ready(
    settings_file, ledger, spool, monkeypatch, ready, state
):
    monkeypatch.setattr(worker_models, "load_models", lambda _, folders: ready)
    with Process(ledger, "work") as running:
        bench = cli._open_bench(running, load_settings(settings_file, {}), spool)
        assert row(ledger, process)["state"] == state
    assert bench.models == ready


def test_up_without_a_broker_of_its_own(monkeypatch):
    settings = Settings.model_validate({"queue": {"url": "none"}})
    programs = cli._programs(settings, None)
    assert [program.name for program in programs] == ["dashboard", "work", "steward", "receive"]
    assert "--settings" not in programs[0].command


def test_a_ledger_of_another_version_is_one_sentence(settings_file, tmp_path):
    ledger = Ledger(f"sqlite:///{tmp_path}/ledger.sqlite3")
    with ledger.transaction() as tx:
        tx.execute(schema_version.update().values(version=99))
    ledger.close()
    result = _run("status", "--settings", settings_file)
    assert (result.exit_code, "is of schema 99" in result.output) == (1, True)
