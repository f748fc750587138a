"""Modalities that store one instance after the other, on several associations, until the receiver is gone."""

import random
import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field

from tests.neighbours.door import Door
from tests.neighbours.instance import Instance, new_instance
from tests.neighbours.peer import CT_IMAGE, Closed, Peer

ASSOCIATIONS = 3
AT_MOST_EACH = 60
SUCCESS = 0x0000


@dataclass(kw_only=True)
class Sent:
    """Every instance that was begun, and those of them that were answered Success."""

    begun: list[Instance] = field(default_factory=list)
    answered: list[Instance] = field(default_factory=list)
    others: list[int] = field(default_factory=list)
    """Answers other than Success."""


def send_until_it_dies(door: Door, chance: random.Random) -> Sent:
    """Store until each association is closed by the receiver's end; at most so many."""
    sent, lock = Sent(), threading.Lock()
    # Each its own pixels: one in the place of another would be seen.
    instances = [
        [
            new_instance(pixels=chance.randbytes(2 * chance.randrange(500, 100_000)))
            for _ in range(AT_MOST_EACH)
        ]
        for _ in range(ASSOCIATIONS)
    ]

    def send(ours: list[Instance]) -> None:
        try:
            with Peer(door.port) as peer:
                peer.associate()
                for instance in ours:
                    with lock:
                        sent.begun.append(instance)
                    status = peer.store(CT_IMAGE, instance.sop_instance_uid, instance.data_set)
                    with lock:
                        sent.answered.append(instance) if status == SUCCESS else sent.others.append(status)
        except (Closed, ConnectionError):
            return

    with ThreadPoolExecutor(ASSOCIATIONS) as pool:
        list(pool.map(send, instances))
    return sent


def send_again(door: Door, instances: list[Instance]) -> list[int]:
    """Store all of them on one association; returns the statuses."""
    with Peer(door.port) as peer:
        peer.associate()
        statuses = [peer.store(CT_IMAGE, each.sop_instance_uid, each.data_set) for each in instances]
        peer.release()
    return statuses


def uid_of(instance: Instance) -> str:
    """Its SOP Instance UID."""
    return instance.sop_instance_uid.decode()
