"""DICOM over TLS: the server's side, as PS3.15 annex B.12 asks for it.

That is the "BCP 195 RFC 8996, 9325 TLS Secure Transport Connection Profile": TLS 1.2 must be served, TLS 1.3 may
be and is then preferred, nothing older is. (B.9 to B.11 are retired; 2762 is the registered port.)
"""

import ssl
from contextlib import suppress
from pathlib import Path

from dicom_node.errors import TlsUnusable
from dicom_node.settings import TlsSettings

CIPHERS_OF_TLS_1_2 = "ECDHE+AESGCM:ECDHE+CHACHA20"
"""Forward secrecy and authenticated encryption (RFC 9325 section 4.2). TLS 1.3 has no others anyway."""

EXPIRED = 10
"""X509_V_ERR_CERT_HAS_EXPIRED of OpenSSL."""

FLIGHTS_AT_MOST = 4
"""So often each side may have to speak in a handshake of TLS 1.2 or 1.3."""


def server_context(settings: TlsSettings) -> ssl.SSLContext:
    """What accepted sockets are wrapped in. Raises TlsUnusable, naming the key of [scp.tls] that is to blame.

    With ``mutual`` a peer without a certificate that ``peers_ca`` vouches for fails the handshake. In TLS 1.3
    it learns so only when it reads.
    """
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    context.set_ciphers(CIPHERS_OF_TLS_1_2)
    context.options |= ssl.OP_NO_RENEGOTIATION | ssl.OP_NO_COMPRESSION | ssl.OP_CIPHER_SERVER_PREFERENCE
    # No resumption: it would go on with a certificate that has expired meanwhile, and saves scanners little.
    context.options |= ssl.OP_NO_TICKET
    context.num_tickets = 0
    _load_our_certificate(context, settings)
    _load_peers(context, settings)
    return context


def certificate_expires_at(settings: TlsSettings) -> float:
    """When the node's certificate ends, in seconds since the epoch.

    Raises TlsUnusable where a peer would not take it now: expired, not valid yet, or not for servers. It is
    asked as a peer would, by a handshake in memory.
    """
    server = server_context(settings.model_copy(update={"mutual": False}))
    try:
        shown = _certificate_shown(server, _peer_that_trusts(settings.certificate))
    except ssl.SSLCertVerificationError as error:
        expired = "has expired: renew it" if error.verify_code == EXPIRED else error.verify_message
        raise _unusable("certificate", settings.certificate, expired) from error
    except ssl.SSLError as error:
        raise _unusable("certificate", settings.certificate, _in_words(error)) from error
    return ssl.cert_time_to_seconds(str(shown["notAfter"]))


def _load_our_certificate(context: ssl.SSLContext, settings: TlsSettings) -> None:
    _require(
        b"-----BEGIN CERTIFICATE-----", "certificate", settings.certificate, "no certificate in PEM form"
    )
    _require(b"PRIVATE KEY-----", "key", settings.key, "no private key in PEM form")
    if b"ENCRYPTED" in _read("key", settings.key):
        raise _unusable("key", settings.key, "is encrypted, and nobody is there to type its password")
    try:
        context.load_cert_chain(settings.certificate, settings.key, password="")
    except ssl.SSLError as error:
        if error.reason == "KEY_VALUES_MISMATCH":
            raise _unusable("key", settings.key, f"is not the key of {settings.certificate}") from error
        raise _unusable("certificate", settings.certificate, f"or its key: {_in_words(error)}") from error


def _load_peers(context: ssl.SSLContext, settings: TlsSettings) -> None:
    if settings.peers_ca is not None:
        _require(b"-----BEGIN CERTIFICATE-----", "peers_ca", settings.peers_ca, "no certificate in PEM form")
        try:
            context.load_verify_locations(settings.peers_ca)
        except ssl.SSLError as error:
            raise _unusable("peers_ca", settings.peers_ca, _in_words(error)) from error
    if settings.mutual:
        context.verify_mode = ssl.CERT_REQUIRED
        # So that peers_ca may name the peers' own certificates, where a hospital has no authority.
        context.verify_flags |= ssl.VERIFY_X509_PARTIAL_CHAIN


def _peer_that_trusts(certificate: Path) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_flags |= ssl.VERIFY_X509_PARTIAL_CHAIN
    context.load_verify_locations(certificate)
    return context


def _certificate_shown(server: ssl.SSLContext, peer: ssl.SSLContext) -> dict[str, object]:
    """What ``peer`` sees of ``server`` in a handshake without a network."""
    to_server, to_peer = ssl.MemoryBIO(), ssl.MemoryBIO()
    sides = peer.wrap_bio(to_peer, to_server), server.wrap_bio(to_server, to_peer, server_side=True)
    for side in sides * FLIGHTS_AT_MOST:
        with suppress(ssl.SSLWantReadError):
            side.do_handshake()
    return dict(sides[0].getpeercert() or {})


def _require(mark: bytes, key: str, path: Path, otherwise: str) -> None:
    if mark not in _read(key, path):
        raise _unusable(key, path, f"holds {otherwise}")


def _read(key: str, path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise _unusable(key, path, f"cannot be read: {error.strerror}") from error


def _unusable(key: str, path: Path, what: str) -> TlsUnusable:
    return TlsUnusable(f"[scp.tls] {key}: {path} {what}")


def _in_words(error: ssl.SSLError) -> str:
    return (error.reason or "OpenSSL cannot use it").replace("_", " ").lower()
