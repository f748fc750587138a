"""``/metrics``: for Prometheus, read from the ledger at each scrape. Names are ``dicom_node_<noun>_<unit>``.

No label is a UID or anything of a patient: labels are states, kinds, models, destinations and outcomes alone.
"""

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

from prometheus_client import CollectorRegistry
from prometheus_client.exposition import CONTENT_TYPE_PLAIN_1_0_0, generate_latest
from prometheus_client.metrics_core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector
from starlette.requests import Request
from starlette.responses import Response

from dicom_node.dashboard.facts import KINDS, Facts, read_facts
from dicom_node.dashboard.tally import Tally
from dicom_node.events import Event
from dicom_node.ledger import Ledger, report

_NOT_TAKEN = {Event.INSTANCE_QUARANTINED: "quarantined", Event.INSTANCE_REJECTED: "rejected"}


class Metrics(Collector):
    """A registry of its own with one collector: the ledger. LedgerAway ends a scrape as 503."""

    def __init__(self, *, ledger: Ledger, spool: Path, clock: Callable[[], float]) -> None:
        self._ledger = ledger
        self._spool = spool
        self._tally = Tally(*_NOT_TAKEN)
        self._clock = clock
        self._registry = CollectorRegistry()
        self._registry.register(self)

    def answer(self, _request: Request) -> Response:
        """The Prometheus text format."""
        return Response(generate_latest(self._registry), media_type=CONTENT_TYPE_PLAIN_1_0_0)

    def collect(self) -> Iterator[Metric]:
        """Read the ledger once and give every family."""
        with report.answering(self._ledger) as tx:
            facts = read_facts(tx, now=self._clock(), destinations=(), spool=self._spool)
            not_taken = self._tally.read(tx)
        yield from _depths(facts)
        yield from _processes_and_models(facts)
        yield from _destinations(facts)
        yield from _not_taken(facts, not_taken)


def _depths(facts: Facts) -> Iterator[Metric]:
    for noun, by_state in (
        ("studies", facts.depth.studies),
        ("analyses", facts.depth.analyses),
        ("deliveries", facts.depth.deliveries),
    ):
        yield _gauge(noun, f"How many {noun} are in each state.", "state", by_state)
    oldest = GaugeMetricFamily(
        "dicom_node_oldest_analysis_seconds",
        "Age of the oldest analysis that is queued or running; 0 when there is none.",
        value=facts.depth.oldest_seconds,
    )
    yield oldest


def _processes_and_models(facts: Facts) -> Iterator[Metric]:
    alive = {kind: facts.alive(kind) for kind in KINDS}
    yield _gauge("processes", "Processes of the node that are alive, by kind.", "kind", alive)
    ready = GaugeMetricFamily(
        "dicom_node_model_ready",
        "1 when the workers can use the model package, 0 when something is wrong with it.",
        labels=["model", "version"],
    )
    for model in facts.models:
        ready.add_metric([model.model_name, model.model_version], float(model.reason_not_ready is None))
    yield ready


def _destinations(facts: Facts) -> Iterator[Metric]:
    undelivered = {each.destination: each.undelivered for each in facts.deliveries}
    yield _gauge(
        "undelivered_results", "Results each destination has yet to get.", "destination", undelivered
    )
    hindered = dict.fromkeys(undelivered, 0)
    for each in facts.hindrances:
        hindered[each.destination] += each.results
    yield _gauge("hindered_results", "Of these, results that were tried in vain.", "destination", hindered)


def _not_taken(facts: Facts, counted: Mapping[str, int]) -> Iterator[Metric]:
    yield GaugeMetricFamily(
        "dicom_node_quarantined_instances",
        "Instances with other content in quarantine now.",
        value=facts.quarantined,
    )
    yield GaugeMetricFamily(
        "dicom_node_refused_callers", "Callers refused an association within a day.", value=len(facts.refused)
    )
    family = CounterMetricFamily(
        "dicom_node_not_taken_instances",
        "Instances that came and were not taken, ever: quarantined or rejected.",
        labels=["outcome"],
    )
    for event, outcome in _NOT_TAKEN.items():
        family.add_metric([outcome], counted[event])
    yield family


def _gauge(noun: str, meaning: str, label: str, values: dict[str, int]) -> Metric:
    family = GaugeMetricFamily(f"dicom_node_{noun}", meaning, labels=[label])
    for name, value in values.items():
        family.add_metric([name], value)
    return family
