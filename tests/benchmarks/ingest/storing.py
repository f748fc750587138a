"""The cases in which instances are stored."""

import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from threading import Barrier

from tests.benchmarks.ingest.material import Material
from tests.benchmarks.ingest.measurement import Figures, latency_figures
from tests.benchmarks.ingest.server import Server
from tests.benchmarks.ingest.stall_free import associate, store_series
from tests.benchmarks.ingest.stored import expect_stored
from tests.benchmarks.ingest.untuned import storescu
from tests.benchmarks.ingest.watch import Watch

# Far from both: a stalled storescu does some 20 a second, one that is not stalled hundreds.
STALLED_PER_SECOND = 30.0


def untuned(server: Server, material: Material) -> Figures:
    """storescu. A first few instances show whether it stalls; then fewer are enough."""
    before = server.count_stored()
    probe_seconds = storescu(server.port, material.probe_files, called_ae_title=server.ae_title)
    stalls = len(material.probe_files) / probe_seconds < STALLED_PER_SECOND
    files = material.files[: material.scale.stalled] if stalls else material.files
    expect_stored(server, before + len(material.probe_files))
    with _watch(server, material, stores=len(files)) as watch:
        seconds = storescu(server.port, files, called_ae_title=server.ae_title)
    figures = watch.figures(seconds, done=len(files))
    return figures | {"done": len(files) + len(material.probe_files)}


def one_association(server: Server, material: Material) -> Figures:
    """CT slices, stall-free."""
    return _in_turn(server, material, material.ct_slice, instances=material.scale.one_association)


def small(server: Server, material: Material) -> Figures:
    """Small instances, stall-free: what each costs beyond its bytes."""
    return _in_turn(server, material, material.small, instances=material.scale.small)


def large(server: Server, material: Material) -> Figures:
    """One large instance: time, and whether the receiver holds it in memory."""
    return _in_turn(server, material, material.large, instances=1)


def several_associations(server: Server, material: Material) -> Figures:
    """CT slices on several associations at once, each sender a thread that mostly waits in the kernel."""
    number, each = material.scale.associations, material.scale.each_association
    ready = Barrier(number + 1)
    with ExitStack() as stack:
        associations = [stack.enter_context(associate(server)) for _ in range(number)]
        prepared = [association.prepare(material.ct_slice) for association in associations]
        pool = stack.enter_context(ThreadPoolExecutor(number))

        def send(index: int) -> list[float]:
            ready.wait()
            return store_series(associations[index], prepared[index], material.uids, instances=each)

        with _watch(server, material, stores=number * each) as watch:
            sending = [pool.submit(send, index) for index in range(number)]
            ready.wait()
            began = time.perf_counter()
            latencies = [seconds for future in sending for seconds in future.result()]
            seconds = time.perf_counter() - began
    return watch.figures(seconds, done=len(latencies)) | latency_figures(latencies)


def _in_turn(server: Server, material: Material, data_set: bytes, *, instances: int) -> Figures:
    with associate(server) as association:
        prepared = association.prepare(data_set)
        with _watch(server, material, stores=instances) as watch:
            began = time.perf_counter()
            latencies = store_series(association, prepared, material.uids, instances=instances)
            seconds = time.perf_counter() - began
    return watch.figures(seconds, done=instances) | latency_figures(latencies)


def _watch(server: Server, material: Material, *, stores: int) -> Watch:
    return Watch(server, settle_seconds=material.scale.settle_seconds, stores=stores)
