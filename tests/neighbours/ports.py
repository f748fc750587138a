"""Free ports on the loopback."""

import random
import socket
import time

GIVEN: set[int] = set()


def free_port() -> int:
    """A TCP port nobody listens on now, never given before.

    Below the range from which the system takes the ports of outgoing connections, one of which could
    otherwise have it by the time somebody listens.
    """
    while True:
        port = random.randrange(20_000, 32_000)
        with socket.socket() as probe:
            if port not in GIVEN and probe.connect_ex(("127.0.0.1", port)) != 0:
                GIVEN.add(port)
                return port


def wait_for_port(port: int, *, seconds: float = 30.0) -> None:
    """Return when something listens on the port."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.05)
    raise TimeoutError(f"nothing listens on port {port} after {seconds:g} s")
