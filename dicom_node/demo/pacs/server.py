"""A stand-in PACS for the rehearsal: Verification, Storage, Study Root FIND and Storage Commitment.

Made for the demonstration and the tests, on this machine. It holds each instance in memory while it comes,
and defends itself against nobody; a hospital's instances belong in a PACS.

    python -m dicom_node.demo.pacs --folder var/pacs --port 11113 --ae-title STANDINPACS
"""

from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Final

from pynetdicom import AE, _config, evt
from pynetdicom.events import Event

from dicom_node.demo.pacs.archive import PacsArchive
from dicom_node.demo.pacs.commitment_reporter import CommitmentReporter, set_timeouts
from dicom_node.demo.pacs.instance import HeldInstance
from dicom_node.demo.pacs.presentation_contexts import supported_contexts
from dicom_node.demo.pacs.services import SUCCESS, on_c_find, on_c_store, on_n_action
from dicom_node.demo.pacs.sockets import acknowledge_at_once, send_at_once

_MAXIMUM_PDU_LENGTH: Final = 131_072
_MAXIMUM_ASSOCIATIONS: Final = 32


class StandInPacs:
    """A small PACS over one folder. Start it again, and it is there again with all it had, on the same port.

    `refuse_with`: while set (such as 0xA700), every C-STORE is answered with this status and kept nowhere.
    """

    def __init__(
        self,
        *,
        folder: Path,
        ae_title: str = "STANDINPACS",
        host: str = "127.0.0.1",
        port: int = 0,
        commitment_peers: Mapping[str, tuple[str, int]] = MappingProxyType({}),
    ) -> None:
        """Keep instances in `folder`; port 0 takes a free one at the first start.

        `commitment_peers`: host and port by AE title, where to report storage commitments to a requester
        who has released the association it asked on.
        """
        self.ae_title = ae_title
        self.host = host
        self.port = port
        self.refuse_with: int | None = None
        self._archive = PacsArchive(folder)
        self._commitment_peers = dict(commitment_peers)
        self._reporter: CommitmentReporter | None = None
        self._application_entity: AE | None = None

    def start(self) -> None:
        """Read the folder and listen; `port` is then the real one. OSError when the port is taken."""
        # pynetdicom would log queries and their answers, with the patient's name.
        _config.LOG_REQUEST_IDENTIFIERS = _config.LOG_RESPONSE_IDENTIFIERS = False
        self._archive.open()
        self._reporter = CommitmentReporter(ae_title=self.ae_title, peers=self._commitment_peers)
        self._application_entity = _application_entity(self.ae_title)
        server = self._application_entity.start_server(
            (self.host, self.port), block=False, evt_handlers=self._handlers(self._reporter)
        )
        self.port = server.server_address[1]

    def stop(self) -> None:
        """Abort what is open and stop listening; harmless when it does not run."""
        if self._application_entity is None or self._reporter is None:
            return
        self._application_entity.shutdown()
        self._reporter.stop()
        self._application_entity = self._reporter = None

    def instances(self, study_instance_uid: str | None = None) -> list[HeldInstance]:
        """Return the instances held, of one study or all, in the order of their UIDs."""
        return self._archive.instances(study_instance_uid)

    def _handlers(self, reporter: CommitmentReporter) -> list[tuple[object, ...]]:
        return [
            (evt.EVT_CONN_OPEN, send_at_once),
            (evt.EVT_DATA_RECV, acknowledge_at_once),
            (evt.EVT_C_ECHO, lambda _: SUCCESS),
            (evt.EVT_C_STORE, self._on_c_store),
            (evt.EVT_C_FIND, on_c_find, [self._archive]),
            (evt.EVT_N_ACTION, on_n_action, [self._archive, reporter]),
        ]

    def _on_c_store(self, event: Event) -> int:
        return on_c_store(event, self._archive) if self.refuse_with is None else self.refuse_with


def _application_entity(ae_title: str) -> AE:
    application_entity = AE(ae_title=ae_title)
    application_entity.supported_contexts = supported_contexts()
    application_entity.maximum_pdu_size = _MAXIMUM_PDU_LENGTH
    application_entity.maximum_associations = _MAXIMUM_ASSOCIATIONS
    set_timeouts(application_entity)
    return application_entity
