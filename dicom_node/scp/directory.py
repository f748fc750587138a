"""The modalities as they are now: host names are looked up again, in a thread of its own.

A modality that was given another address is so let in without a restart, and no association waits for a name server.
"""

import logging
import threading
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace

from dicom_node.scp.modalities import Modality, find_modalities, is_host_name
from dicom_node.settings import ModalitySettings

logger = logging.getLogger(__name__)

LOOK_AGAIN_SECONDS = 300.0
NOT_SOONER_SECONDS = 10.0
"""However many strangers call: a name server is not asked more often than that."""


class Directory:
    """``listed`` is the list to judge callers by; ``on_change`` gets each new one, from another thread.

    With no host name among ``sections`` nothing is ever looked up, and there is no thread.
    """

    def __init__(
        self,
        sections: Sequence[ModalitySettings],
        listed: Sequence[Modality],
        *,
        on_change: Callable[[Sequence[Modality]], object],
        look_up: Callable[[str], Iterable[str]] | None = None,
    ) -> None:
        self.listed = tuple(listed)
        self._sections = sections
        self._on_change = on_change
        self._look_up = look_up
        self._is_wanted = threading.Event()
        if any(is_host_name(section.address) for section in sections):
            threading.Thread(target=self._keep_looking, name="directory", daemon=True).start()

    def want_look(self) -> None:
        """Somebody unknown called, who may be known by now: look soon. Returns at once."""
        self._is_wanted.set()

    def look_again(self) -> None:
        """Look all names up. One that is not found keeps the addresses it had: a name server may be away."""
        found = find_modalities(self._sections, self._look_up).listed
        now = tuple(
            each if each.networks else replace(each, networks=before.networks)
            for each, before in zip(found, self.listed, strict=True)
        )
        for each, before in zip(now, self.listed, strict=True):
            if each.networks != before.networks:
                logger.info("%s: the host name %s has other addresses now", each.ae_title, each.address)
        if now != self.listed:
            self.listed = now
            self._on_change(now)

    def _keep_looking(self) -> None:
        pause = threading.Event()
        while True:
            pause.wait(NOT_SOONER_SECONDS)
            self._is_wanted.wait(LOOK_AGAIN_SECONDS - NOT_SOONER_SECONDS)
            self._is_wanted.clear()
            self.look_again()
