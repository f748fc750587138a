import errno
from typing import Any

import pytest
from pynetdicom import AE, evt

from dicom_node.errors import DoorBlocked
from dicom_node.scp.server import start_server
from dicom_node.scp.storage import Storage
from dicom_node.settings import ScpSettings

SETTINGS = ScpSettings(ae_title="OUR_NODE", host="127.0.0.1", port=4242)


@pytest.fixture
def storage(spool, ledger) -> Storage:
    return Storage(spool=spool, ledger=ledger)


def test_listens_where_the_settings_say_with_our_handlers(monkeypatch, storage):
    started: dict[str, Any] = {}

    def start(entity: AE, address: tuple[str, int], **options: Any) -> object:
        started.update(entity=entity, address=address, **options)
        return started

    monkeypatch.setattr(AE, "start_server", start)
    assert start_server(SETTINGS, storage) is started
    assert started["address"] == ("127.0.0.1", 4242)
    assert started["block"] is False
    assert started["entity"].ae_title == "OUR_NODE"
    handlers = dict(started["evt_handlers"])
    assert handlers[evt.EVT_C_STORE] == storage.on_c_store
    assert evt.EVT_C_ECHO in handlers


def test_a_port_that_cannot_be_had_is_said_in_words(monkeypatch, storage):
    def start(*_: Any, **__: Any) -> None:
        raise OSError(errno.EADDRINUSE, "Address already in use")

    monkeypatch.setattr(AE, "start_server", start)
    with pytest.raises(DoorBlocked, match=r"cannot listen on 127\.0\.0\.1:4242 \(Address already in use\)"):
        start_server(SETTINGS, storage)
