"""The rehearsal: a real chest X-ray through the whole node and into a PACS, each station with its time."""

import time
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

import click
from pydicom import dcmread

from dicom_node.delivery.destination import Destination
from dicom_node.delivery.storage import store
from dicom_node.demo.inquiry import instances_of_series
from dicom_node.demo.node_under_rehearsal import NodeUnderRehearsal
from dicom_node.demo.pacs.instance import HeldInstance
from dicom_node.demo.pacs.server import StandInPacs
from dicom_node.demo.picture import draw_overlay
from dicom_node.demo.sample import Sample, find_sample
from dicom_node.demo.verdict import judge
from dicom_node.errors import RehearsalFailed
from dicom_node.events import MEANING, Event
from dicom_node.ledger import Ledger, report
from dicom_node.ledger.lifecycle import AnalysisState, StudyState
from dicom_node.ledger.report import StudyReport
from dicom_node.routing.packages import find_packages
from dicom_node.settings import Settings

DONE_WITHIN_SECONDS = 120.0
CALLING_AE_TITLE = "REHEARSAL"


class Programme:
    """Prints one line a station, with the seconds since the start."""

    def __init__(self) -> None:
        self._began = time.time()

    def say(self, station: str, sentence: str, *, at: float | None = None) -> None:
        """One line; ``at`` (seconds since the epoch) where it happened earlier than now."""
        seconds = (time.time() if at is None else at) - self._began
        click.echo(f"{seconds:6.1f} s  {station:<19} {sentence}")


def rehearse(settings: Settings, *, out: Path, stay: bool) -> None:
    """Play it once; returns only if all held. With ``stay``, node and PACS stay up until Ctrl-C.

    Of ``settings`` the model packages are taken; the node runs in a new folder under ``out``, on free
    ports. Raises RehearsalFailed with the first thing that did not hold.
    """
    programme = Programme()
    sample = find_sample()
    packages = find_packages(settings.inference.packages)
    if packages.mistakes:
        raise RehearsalFailed("\n".join(packages.mistakes))
    folder = (out / datetime.now().strftime("%Y%m%d-%H%M%S-%f")).resolve()
    (folder / "pacs").mkdir(parents=True)
    pacs = StandInPacs(folder=folder / "pacs")
    pacs.start()
    programme.say("stand-in PACS", f"{pacs.ae_title} listens on {pacs.host}:{pacs.port}")
    node = NodeUnderRehearsal(
        folder,
        destination_url=f"dicom://{pacs.ae_title}@{pacs.host}:{pacs.port}",
        like=settings,
    )
    try:
        node.start()
        scp = node.settings.scp
        programme.say("node ready", f"{scp.ae_title} listens on {scp.host}:{scp.port}, a worker is warm")
        picture = _play(programme, sample, pacs, node, folder)
        click.echo(f"\npicture    {picture}\nresults    {folder / 'pacs'}\nnode's log {node.log}")
        if stay:
            _stay(node)
    finally:
        node.end()
        pacs.stop()


def _play(
    programme: Programme, sample: Sample, pacs: StandInPacs, node: NodeUnderRehearsal, folder: Path
) -> Path:
    _send(sample, node)
    programme.say("sent", "a real chest X-ray by C-STORE; the node answered Success")
    study = _follow(programme, sample, node)
    programme.say("last to PACS", f"{_seconds_from_last_instance(study):.1f} s after the last instance came")
    held = _ask(pacs, sample, study, node)
    programme.say("asked by C-FIND", f"the PACS names {len(held)} results of the study")
    source = dcmread(sample.path)
    found = judge(source, held)
    named = ", ".join(f"{each.label} ({each.mask.mean():.0%} of the image)" for each in found.marked)
    programme.say("read again", f"SEG: {named}; SR: {', '.join(found.said)}")
    picture = folder / "overlay.png"
    draw_overlay(source, found, picture)
    return picture


def _send(sample: Sample, node: NodeUnderRehearsal) -> None:
    scp = node.settings.scp
    door = Destination(name="node", ae_title=scp.ae_title, host=scp.host, port=scp.port)
    for error in store(door, [(sample.sop_class_uid, sample.path)], calling_ae_title=CALLING_AE_TITLE):
        if error:
            raise RehearsalFailed(f"the node did not take the sample: {error}")


def _follow(programme: Programme, sample: Sample, node: NodeUnderRehearsal) -> StudyReport:
    """Tell each event of the study as it comes, until nothing is owed for it any more."""
    ledger = Ledger(node.settings.ledger.url)
    told = 0
    deadline = time.monotonic() + DONE_WITHIN_SECONDS
    while time.monotonic() < deadline:
        with ledger.snapshot() as tx:
            events = report.latest_events(tx, at_most=1000, study_instance_uid=sample.study_instance_uid)[
                ::-1
            ]
            studies = report.studies(tx, study_instance_uid=sample.study_instance_uid)
        for event in events[told:]:
            programme.say(event.name, event.detail or MEANING[Event(event.name)], at=event.at)
        told = len(events)
        if studies and studies[0].state == StudyState.FINISHED:
            ledger.close()
            _require_success(studies[0])
            return studies[0]
        time.sleep(0.1)
    raise RehearsalFailed(f"nothing was finished in {DONE_WITHIN_SECONDS:g} s; the node's log is {node.log}")


def _require_success(study: StudyReport) -> None:
    failed = [each for each in study.analyses if each.state != AnalysisState.SUCCEEDED]
    for each in failed:
        raise RehearsalFailed(f"{each.model} {each.version} {each.state}: {each.error}")
    if not study.analyses:
        reasons = "; ".join(f"{each.model}: {each.reason}" for each in study.declined)
        raise RehearsalFailed(f"no model wanted the sample: {reasons}")


def _seconds_from_last_instance(study: StudyReport) -> float:
    arrivals = [way.delivered_at for each in _results(study) for way in each.deliveries if way.delivered_at]
    return max(arrivals) - study.last_received_at


def _results(study: StudyReport) -> Sequence[report.ResultReport]:
    return [result for analysis in study.analyses for result in analysis.results]


def _ask(
    pacs: StandInPacs, sample: Sample, study: StudyReport, node: NodeUnderRehearsal
) -> list[HeldInstance]:
    there = Destination(name="pacs", ae_title=pacs.ae_title, host=pacs.host, port=pacs.port)
    series = instances_of_series(
        there, sample.study_instance_uid, calling_ae_title=node.settings.scp.ae_title
    )
    named = {uid for instances in series.values() for uid in instances}
    made = {each.sop_instance_uid for each in _results(study)}
    if named != made:
        raise RehearsalFailed(f"the PACS names {len(named)} results, the node made {len(made)}")
    return [each for each in pacs.instances(sample.study_instance_uid) if each.sop_instance_uid in named]


def _stay(node: NodeUnderRehearsal) -> None:
    click.echo(f"\nThe node stays up: {node.dashboard_address}   (Ctrl-C ends it)")
    try:
        while True:
            time.sleep(3600)
    except KeyboardInterrupt:
        click.echo("ending")
