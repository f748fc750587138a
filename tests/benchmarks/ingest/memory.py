"""Memory a virtual machine has yet to be given by its host: whoever touches it first pays for it."""

import mmap

WARMED_BYTES = 1 << 30


def warm_memory() -> None:
    """Have as much memory at hand as a case fills with what it writes, so that all receivers find the same.

    On a machine that gives unused memory back, a page of the page cache cost a receiver that came early eight
    times what it cost one that came late.
    """
    mmap.mmap(-1, WARMED_BYTES, flags=mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS | mmap.MAP_POPULATE).close()
