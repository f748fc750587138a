"""What was answered Success must be there: a receiver is waited for, and not believed."""

import time

from tests.benchmarks.ingest.server import Server
from tests.benchmarks.ingest.stall_free import SendFailed

STORED_WITHIN_SECONDS = 10.0
LOOK_EVERY_SECONDS = 0.1


def expect_stored(server: Server, wanted: int) -> None:
    """Return when ``server`` holds ``wanted`` instances by its own account: it may enter them after its answer.

    Raises SendFailed when it holds another number 10 s later.
    """
    deadline = time.monotonic() + STORED_WITHIN_SECONDS
    while (stored := server.count_stored()) != wanted:
        if time.monotonic() > deadline:
            raise SendFailed(f"{wanted} instances were answered Success, {stored} are stored")
        time.sleep(LOOK_EVERY_SECONDS)
