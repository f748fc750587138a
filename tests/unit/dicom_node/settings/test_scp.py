from pathlib import Path

import pytest

from dicom_node.settings import load_settings
from tests.unit.dicom_node.settings.given import SHIPPED, mistakes_of, written


def _tls(**keys: str) -> dict[str, str]:
    given = {"certificate": "node.pem", "key": "/etc/node.key", **keys}
    return {f"DICOM_NODE_SCP__TLS__{key.upper()}": value for key, value in given.items()}


def test_the_receivers_there_are():
    for receiver in ("streaming", "stock"):
        assert load_settings(SHIPPED, {"DICOM_NODE_SCP__RECEIVER": receiver}).scp.receiver == receiver
    (mistake,) = mistakes_of(SHIPPED, {"DICOM_NODE_SCP__RECEIVER": "stok"})
    assert mistake == "  [scp] receiver = 'stok': input should be 'streaming' or 'stock'"


@pytest.mark.parametrize(
    ("at_most", "reserved", "is_right"), [(200, 199, True), (20, 20, False), (1, 0, True), (10, None, False)]
)
def test_strangers_keep_some_room(at_most, reserved, is_right):
    environ = {"DICOM_NODE_SCP__ASSOCIATIONS_AT_MOST": str(at_most)}
    if reserved is not None:
        environ["DICOM_NODE_SCP__ASSOCIATIONS_RESERVED"] = str(reserved)
    if is_right:
        assert load_settings(SHIPPED, environ).scp.associations_reserved == reserved
    else:
        (mistake,) = mistakes_of(SHIPPED, environ)
        assert mistake.endswith("must be less than associations_at_most")


def test_modality_in_single_brackets_is_told_from_a_list(tmp_path):
    (mistake,) = mistakes_of(written(tmp_path, '[scp.modality]\nae_title = "CT1"\naddress = "h"\n'))
    assert mistake.endswith("write [[scp.modality]], in two brackets: there may be several")


def test_tls_is_mutual_unless_said_otherwise_and_its_files_are_relative_to_the_settings(tmp_path):
    tls = load_settings(written(tmp_path, ""), _tls(peers_ca="peers.pem")).scp.tls
    assert tls is not None
    assert (tls.port, tls.mutual) == (2762, True)
    assert (tls.certificate, tls.key) == (tmp_path / "node.pem", Path("/etc/node.key"))
    assert tls.peers_ca == tmp_path / "peers.pem"
    one_sided = load_settings(written(tmp_path, ""), _tls(mutual="false")).scp.tls
    assert one_sided is not None
    assert (one_sided.mutual, one_sided.peers_ca) == (False, None)


def test_without_a_section_there_is_no_tls():
    assert load_settings(SHIPPED, {}).scp.tls is None


@pytest.mark.parametrize(
    ("environ", "sentence"),
    [
        (_tls(), "[scp.tls] mutual = True: peers_ca is missing"),
        (_tls(mutual="true"), "[scp.tls] mutual = 'true': peers_ca is missing"),
        (_tls(mutual="false", port="11112"), "its port must not be [scp] port"),
        (_tls(mutual="false", keys="x"), "[scp.tls] keys: unknown; did you mean 'key'?"),
        (_tls(mutual="maybe", peers_ca="p"), "[scp.tls] mutual = 'maybe': input should be a valid boolean"),
    ],
)
def test_what_is_wrong_with_tls(environ, sentence):
    (mistake,) = mistakes_of(SHIPPED, environ)
    assert sentence in mistake
