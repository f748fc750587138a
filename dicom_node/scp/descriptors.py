"""How many sockets and files the door may have open at once: a soft limit is for programs that never ask."""

import resource

FOR_EACH_ASSOCIATION = 5
"""Its socket, the two ends of its bell, its instance, and a folder while that is flushed."""
FOR_THE_REST = 128
"""The ledger, log, listening sockets, libraries, and connections that have not spoken yet."""


def allow_descriptors(associations_at_most: int) -> str | None:
    """Raise this process's soft limit to what so many associations need, as far as the hard limit lets it.

    Most systems start a service with 1024, and at 1024 a door of 500 associations can neither accept nor
    write: everyone waits. Returns a sentence for the operator where the hard limit is too low, else None.
    """
    needed = FOR_EACH_ASSOCIATION * associations_at_most + FOR_THE_REST
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = _least(needed, hard)
    if _least(soft, wanted) != wanted:
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))
    if wanted == needed:
        return None
    return (
        f"[scp] associations_at_most = {associations_at_most} needs {needed} open files, and this process "
        f"may have {hard}: raise its hard limit (LimitNOFILE=, ulimit -Hn), or lower associations_at_most"
    )


def _least(one: int, other: int) -> int:
    """The lesser of two limits, of which either may be none."""
    unlimited = resource.RLIM_INFINITY
    if unlimited in (one, other):
        return other if one == unlimited else one
    return min(one, other)
