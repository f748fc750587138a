"""The TLS side of the door with certificates of openssl, over real sockets: who gets through, and with what."""

import socket
import ssl
import time
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import pytest

from dicom_node.errors import TlsUnusable
from dicom_node.scp.tls import certificate_expires_at, server_context
from dicom_node.settings import TlsSettings
from tests.neighbours.certificates import Authority, Issued

pytestmark = pytest.mark.real_neighbours

PATIENCE_SECONDS = 10.0
DAY = 86_400


@pytest.fixture(scope="module")
def authority(tmp_path_factory) -> Authority:
    return Authority(tmp_path_factory.mktemp("certificates") / "ours")


@pytest.fixture(scope="module")
def others(tmp_path_factory) -> Authority:
    return Authority(tmp_path_factory.mktemp("certificates") / "theirs")


@pytest.fixture(scope="module")
def node(authority) -> Issued:
    return authority.issue("node")


@pytest.fixture(scope="module")
def modality(authority) -> Issued:
    return authority.issue("modality")


@dataclass(frozen=True, kw_only=True)
class Spoken:
    """What both sides agreed on; ``peer`` is the common name the server saw."""

    version: str | None
    cipher: str
    peer: str | None


def _settings(node: Issued, peers_ca: Path | None = None) -> TlsSettings:
    return TlsSettings(
        certificate=node.certificate, key=node.key, peers_ca=peers_ca, mutual=peers_ca is not None
    )


def _peer(trusts: Path, shows: Issued | None = None) -> ssl.SSLContext:
    context = ssl.create_default_context(cafile=str(trusts))
    if shows is not None:
        context.load_cert_chain(shows.certificate, shows.key)
    return context


def _speak(server: ssl.SSLContext, peer: ssl.SSLContext) -> Spoken:
    """A handshake and a byte each way. Raises what the peer meets: in TLS 1.3 a refusal comes with its first read."""
    with ThreadPoolExecutor(1) as threads, socket.create_server(("127.0.0.1", 0)) as listener:
        answered = threads.submit(_answer_one, listener, server)
        plain = socket.create_connection(listener.getsockname(), PATIENCE_SECONDS)
        with plain, peer.wrap_socket(plain, server_hostname="localhost") as line:
            line.sendall(b"?")
            assert line.recv(1) == b"!", "the server hung up"
            agreed = line.version(), line.cipher()
        return _seen(answered, agreed)


def _answer_one(listener: socket.socket, server: ssl.SSLContext) -> tuple[object, str | None]:
    plain, _ = listener.accept()
    plain.settimeout(PATIENCE_SECONDS)
    with plain, server.wrap_socket(plain, server_side=True) as line:
        assert line.recv(1) == b"?"
        line.sendall(b"!")
        subject = dict(part for group in (line.getpeercert() or {}).get("subject", ()) for part in group)
        return (line.version(), line.cipher()), subject.get("commonName")


def _seen(answered: "Future[tuple[object, str | None]]", agreed: object) -> Spoken:
    on_the_other_side, peer = answered.result(PATIENCE_SECONDS)
    assert on_the_other_side == agreed
    (version, (cipher, *_)) = agreed  # type: ignore[misc]
    return Spoken(version=version, cipher=cipher, peer=peer)


def test_who_offers_1_3_gets_1_3(authority, node):
    spoken = _speak(server_context(_settings(node)), _peer(authority.certificate))
    assert spoken.version == "TLSv1.3"
    assert spoken.peer is None


@pytest.mark.parametrize(
    "cipher",
    ["ECDHE-RSA-AES128-GCM-SHA256", "ECDHE-RSA-AES256-GCM-SHA384", "ECDHE-RSA-CHACHA20-POLY1305"],
)
def test_1_2_with_what_bcp_195_recommends(authority, node, cipher):
    peer = _peer(authority.certificate)
    peer.maximum_version = ssl.TLSVersion.TLSv1_2
    peer.set_ciphers(cipher)
    spoken = _speak(server_context(_settings(node)), peer)
    assert (spoken.version, spoken.cipher) == ("TLSv1.2", cipher)


def test_a_certificate_with_a_curve_does_as_well(authority):
    ecdsa = authority.issue("curve", newkey=("ec", "-pkeyopt", "ec_paramgen_curve:P-256"))
    peer = _peer(authority.certificate)
    peer.maximum_version = ssl.TLSVersion.TLSv1_2
    assert _speak(server_context(_settings(ecdsa)), peer).cipher.startswith("ECDHE-ECDSA-AES")


@pytest.mark.parametrize(
    "cipher",
    [
        "AES128-GCM-SHA256",  # no forward secrecy
        "ECDHE-RSA-AES128-SHA256",  # CBC
        "DHE-RSA-AES128-GCM-SHA256",  # finite fields
        "ECDHE-RSA-NULL-SHA",
        "AECDH-AES128-SHA",  # anonymous
    ],
)
def test_1_2_with_anything_else_is_refused(authority, node, cipher):
    peer = _peer(authority.certificate)
    peer.maximum_version = ssl.TLSVersion.TLSv1_2
    peer.set_ciphers(f"{cipher}:@SECLEVEL=0")
    with pytest.raises(ssl.SSLError, match="HANDSHAKE_FAILURE"):
        _speak(server_context(_settings(node)), peer)


@pytest.mark.parametrize("version", [ssl.TLSVersion.TLSv1, ssl.TLSVersion.TLSv1_1])
def test_older_versions_are_refused(authority, node, version):
    peer = _peer(authority.certificate)
    peer.minimum_version = peer.maximum_version = version
    peer.set_ciphers("ALL:@SECLEVEL=0")  # OpenSSL's own default would not even ask
    with pytest.raises(ssl.SSLError, match="ALERT_PROTOCOL_VERSION"):
        _speak(server_context(_settings(node)), peer)


def test_a_known_peer_is_let_through_and_named(authority, node, modality):
    server = server_context(_settings(node, authority.certificate))
    assert _speak(server, _peer(authority.certificate, modality)).peer == "modality"


@pytest.mark.parametrize("version", [ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3])
@pytest.mark.parametrize("shown", ["nothing", "of another authority", "expired", "not for clients"])
def test_where_it_is_mutual_nobody_else_is(authority, others, node, version, shown):
    certificate = {
        "nothing": lambda: None,
        "of another authority": lambda: others.issue("modality"),
        "expired": lambda: authority.issue_for_the_year("late", 2020),
        "not for clients": lambda: authority.issue("server_only", usage="serverAuth"),
    }[shown]()
    peer = _peer(authority.certificate, certificate)
    peer.minimum_version = peer.maximum_version = version
    with pytest.raises((ssl.SSLError, ConnectionError), match=r"ALERT|reset|EOF|[Bb]roken pipe"):
        _speak(server_context(_settings(node, authority.certificate)), peer)


def test_peers_may_be_known_one_by_one(authority, node, modality):
    server = server_context(_settings(node, modality.certificate))
    assert _speak(server, _peer(authority.certificate, modality)).peer == "modality"
    with pytest.raises((ssl.SSLError, ConnectionError)):
        _speak(server, _peer(authority.certificate, authority.issue("sibling")))


def test_no_session_is_resumed(authority, node):
    server, peer = server_context(_settings(node)), _peer(authority.certificate)
    peer.maximum_version = ssl.TLSVersion.TLSv1_2
    with ThreadPoolExecutor(1) as threads, socket.create_server(("127.0.0.1", 0)) as listener:
        session, reused = None, []
        for _ in range(2):
            answered = threads.submit(_answer_one, listener, server)
            plain = socket.create_connection(listener.getsockname(), PATIENCE_SECONDS)
            with peer.wrap_socket(plain, server_hostname="localhost", session=session) as line:
                line.sendall(b"?")
                assert line.recv(1) == b"!"
                session, reused = line.session, [*reused, line.session_reused]
                assert not session.has_ticket
            answered.result(PATIENCE_SECONDS)
    assert reused == [False, False]


def test_a_key_of_another_certificate_is_said(node, modality):
    settings = TlsSettings(certificate=node.certificate, key=modality.key, mutual=False)
    with pytest.raises(
        TlsUnusable, match=r"^\[scp\.tls\] key: .*modality\.key is not the key of .*node\.pem$"
    ):
        server_context(settings)


def test_an_encrypted_key_is_said(authority, node):
    settings = TlsSettings(certificate=node.certificate, key=authority.encrypted(node.key), mutual=False)
    with pytest.raises(TlsUnusable, match="is encrypted, and nobody is there to type its password"):
        server_context(settings)


def test_a_key_that_is_too_short_is_said(authority):
    weak = authority.issue("weak", newkey=("rsa:1024",))
    with pytest.raises(TlsUnusable, match=r"certificate: .*weak\.pem or its key: ee key too small"):
        server_context(_settings(weak))


@pytest.mark.parametrize(
    ("content", "what"),
    [
        (None, "cannot be read: No such file or directory"),
        ("", "holds no certificate in PEM form"),
        ("-----BEGIN CERTIFICATE-----\nbm8=\n-----END CERTIFICATE-----\n", ".+"),
    ],
)
def test_peers_nobody_can_vouch_for_are_said(tmp_path, node, content, what):
    path = tmp_path / "peers.pem"
    if content is not None:
        path.write_text(content)
    with pytest.raises(TlsUnusable, match=rf"^\[scp\.tls\] peers_ca: {path} {what}$"):
        server_context(_settings(node, path))


def test_when_a_certificate_expires(authority, node, modality):
    settings = _settings(node, authority.certificate)
    assert certificate_expires_at(settings) == pytest.approx(time.time() + 365 * DAY, abs=600)


@pytest.mark.parametrize(
    ("issue", "what"),
    [
        (lambda authority: authority.issue_for_the_year("past", 2021), "has expired: renew it"),
        (lambda authority: authority.issue_for_the_year("future", 2999), "certificate is not yet valid"),
        (lambda authority: authority.issue("client_only", usage="clientAuth"), "unsu.*certificate purpose"),
    ],
)
def test_a_certificate_that_no_peer_would_take_is_said(authority, issue, what):
    settings = _settings(issue(authority))
    server_context(settings)  # the door opens all the same: it is the peers who decide
    with pytest.raises(TlsUnusable, match=rf"^\[scp\.tls\] certificate: \S+\.pem {what}$"):
        certificate_expires_at(settings)
