"""The cases in which associations are opened and nothing is stored."""

import time
from contextlib import ExitStack

from tests.benchmarks.ingest import process_tree
from tests.benchmarks.ingest.material import Material
from tests.benchmarks.ingest.measurement import Figures, latency_figures
from tests.benchmarks.ingest.server import Server
from tests.benchmarks.ingest.stall_free import SendFailed, associate
from tests.benchmarks.ingest.watch import Watch

OPEN_SECONDS = 5.0


def set_up(server: Server, material: Material) -> Figures:
    """Association after association, opened and released with nothing in between."""
    latencies = []
    with Watch(server, settle_seconds=material.scale.settle_seconds) as watch:
        for _ in range(material.scale.set_ups):
            began = time.perf_counter()
            with associate(server):
                pass
            latencies.append(time.perf_counter() - began)
    return watch.figures(sum(latencies), done=len(latencies)) | latency_figures(latencies)


def idle(server: Server, material: Material) -> Figures:
    """Associations that are open and say nothing: what do they cost? One that takes fewer has no figure."""
    with ExitStack() as stack:
        opened = _open_as_many_as_taken(server, stack, wanted=material.scale.idle)
        time.sleep(material.scale.idle_pause_seconds)  # until the last one's set-up is done with
        before, began = process_tree.cpu_seconds(server.pid), time.perf_counter()
        time.sleep(material.scale.idle_seconds)
        used, seconds = process_tree.cpu_seconds(server.pid) - before, time.perf_counter() - began
    if opened < material.scale.idle:
        return {"done": opened, "note": f"took only {opened} of {material.scale.idle}"}
    return {"done": opened, "core_percent": 100 * used / seconds}


def _open_as_many_as_taken(server: Server, stack: ExitStack, *, wanted: int) -> int:
    for opened in range(wanted):
        try:
            association = associate(server, timeout_seconds=OPEN_SECONDS)
        except SendFailed:
            return opened
        stack.callback(
            association.close
        )  # not released: a receiver that is busy with others might not answer
    return wanted
