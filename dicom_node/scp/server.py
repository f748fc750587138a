"""The listening server: pynetdicom with our handlers."""

from pynetdicom import AE, evt
from pynetdicom.transport import ThreadedAssociationServer

from dicom_node.errors import DoorBlocked
from dicom_node.scp.presentation_contexts import supported_contexts
from dicom_node.scp.storage import Storage
from dicom_node.scp.verification import on_c_echo
from dicom_node.settings import ScpSettings

LARGEST_PDU_BYTES = 1 << 17
ASSOCIATIONS_AT_MOST = 100


def start_server(settings: ScpSettings, storage: Storage) -> ThreadedAssociationServer:
    """Listen on the host and port of ``settings``; returns the running server, to be ended by ``shutdown()``.

    Raises DoorBlocked when the port cannot be had.
    """
    entity = AE(ae_title=settings.ae_title)
    entity.supported_contexts = supported_contexts()
    entity.maximum_pdu_size = LARGEST_PDU_BYTES
    entity.maximum_associations = ASSOCIATIONS_AT_MOST
    handlers = [(evt.EVT_C_STORE, storage.on_c_store), (evt.EVT_C_ECHO, on_c_echo)]
    try:
        server = entity.start_server((settings.host, settings.port), block=False, evt_handlers=handlers)
    except OSError as error:
        raise DoorBlocked(
            f"cannot listen on {settings.host}:{settings.port} ({error.strerror}): another program has the port, "
            "or the address is not this machine's; change [scp] host or port"
        ) from error
    assert server is not None  # block=False returns the server
    return server
