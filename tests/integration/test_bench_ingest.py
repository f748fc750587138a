"""`make bench-ingest` works: its short form, with the receivers that are installed. No figure is judged here."""

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.benchmarks.ingest.peers.dcmtk import NAME as DCMTK
from tests.benchmarks.ingest.peers.floor import NAME as FLOOR
from tests.benchmarks.ingest.peers.node import node
from tests.benchmarks.ingest.peers.orthanc import NAME as ORTHANC
from tests.benchmarks.ingest.peers.stock_pynetdicom import NAME as STOCK
from tests.benchmarks.ingest.ratios import BARS
from tests.benchmarks.ingest.scale import QUICK
from tests.benchmarks.ingest.server import Missing

pytestmark = pytest.mark.real_neighbours

ROOT = Path(__file__).parents[2]
NODES = ("our node, streaming", "our node, stock", "our node, streaming without fsync")
DONE = {
    "one_association": QUICK.one_association,
    "small": QUICK.small,
    "several": QUICK.associations * QUICK.each_association,
    "large": 1,
    "set_up": QUICK.set_ups,
    "idle": QUICK.idle,
}


@pytest.fixture(scope="module")
def ran(tmp_path_factory):
    folder = tmp_path_factory.mktemp("bench")
    written = folder / "figures.json"
    (folder / "data").mkdir()
    words = ["--quick", "--json", str(written), "--folder", str(folder / "data")]
    ended = subprocess.run(
        [sys.executable, "-m", "tests.benchmarks.ingest", *words],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
        timeout=240,
    )
    assert ended.returncode == 0, ended.stdout + ended.stderr
    return ended.stdout, json.loads(written.read_text()), folder / "data"


def test_every_receiver_that_is_installed_is_measured(ran):
    _, figures, _ = ran
    programs = {DCMTK: "storescp", ORTHANC: "Orthanc", FLOOR: "cc"}
    assert set(figures["missing"]) == {
        name for name, program in programs.items() if not _is_installed(program)
    }
    assert set(figures["receivers"]) == {STOCK, *NODES, DCMTK, ORTHANC, FLOOR} - set(figures["missing"])


def test_all_that_was_sent_was_stored(ran):
    _, figures, _ = ran
    for each in figures["medians"]:
        untuned = {QUICK.probe + QUICK.stalled, QUICK.probe + QUICK.untuned}
        assert each["failed"] == ""
        assert each["done"] in ({DONE[each["case"]]} if each["case"] in DONE else untuned), each


def test_every_receiver_has_every_case_it_can_have(ran):
    _, figures, _ = ran
    measured = {(each["peer"], each["case"]) for each in figures["medians"]}
    assert {(peer, case) for peer in figures["receivers"] for case in DONE} <= measured
    if shutil.which("storescu"):
        assert {peer for peer, case in measured if case == "untuned"} == set(figures["receivers"]) - {FLOOR}


def test_the_table_has_a_line_for_each_and_the_report_the_bars_and_what_the_stall_was(ran):
    report, figures, _ = ran
    for each in figures["medians"]:
        assert sum(line.startswith(f"  {each['peer']}  ") for line in report.splitlines()) >= len(DONE)
    for bar in BARS:
        assert sum(line.startswith(f"  {bar.said}: ") for line in report.splitlines()) == 1
    assert "removes that stall" in report
    assert "Its figures mean nothing" in report


def test_figures_are_there_where_they_can_be(ran):
    _, figures, _ = ran
    for each in figures["medians"]:
        if each["case"] == "idle":
            assert each["core_percent"] >= 0
            continue
        assert each["per_second"] > 0
        assert each["cpu_seconds_per_1000"] >= 0
        assert each["peak_mib"] > 0
        if each["case"] != "untuned":
            assert 0 < each["p50_ms"] <= each["p99_ms"]


def test_nothing_is_left_behind(ran):
    *_, folder = ran
    assert list(folder.iterdir()) == []


def test_a_receiver_the_settings_do_not_know_is_missing(tmp_path):
    with pytest.raises(Missing, match="refuse"):
        node("no-such").start(tmp_path)


def _is_installed(program):
    return bool(shutil.which(program) or shutil.which(program, path="/usr/sbin:/usr/local/sbin"))
