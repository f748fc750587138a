"""What can be said of the files without a certificate that is good; handshakes are in tests/integration/test_tls.py."""

import os
import re
from pathlib import Path

import pytest

from dicom_node.errors import TlsUnusable
from dicom_node.scp.tls import certificate_expires_at, server_context
from dicom_node.settings import TlsSettings

CERTIFICATE = "-----BEGIN CERTIFICATE-----\nbm8gY2VydGlmaWNhdGU=\n-----END CERTIFICATE-----\n"
KEY = "-----BEGIN PRIVATE KEY-----\nbm8ga2V5\n-----END PRIVATE KEY-----\n"
PKCS_8 = "-----BEGIN ENCRYPTED PRIVATE KEY-----\nbm8ga2V5\n-----END ENCRYPTED PRIVATE KEY-----\n"
TRADITIONAL = (
    "-----BEGIN RSA PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\n\nbm8ga2V5\n-----END RSA PRIVATE KEY-----\n"
)


@pytest.fixture
def settings(tmp_path) -> TlsSettings:
    (tmp_path / "node.pem").write_text(CERTIFICATE)
    (tmp_path / "node.key").write_text(KEY)
    return TlsSettings(certificate=tmp_path / "node.pem", key=tmp_path / "node.key", mutual=False)


def _complaint(settings: TlsSettings) -> str:
    with pytest.raises(TlsUnusable) as caught:
        server_context(settings)
    complaint = str(caught.value)
    with pytest.raises(TlsUnusable, match=f"^{re.escape(complaint)}$"):
        certificate_expires_at(settings)
    return complaint


@pytest.mark.parametrize("key", ["certificate", "key"])
@pytest.mark.parametrize(
    ("spoil", "what"),
    [
        (lambda path: path.unlink(), "cannot be read: No such file or directory"),
        (lambda path: (path.unlink(), path.mkdir()), "cannot be read: Is a directory"),
        (lambda path: path.write_bytes(b""), "in PEM form"),
        (lambda path: path.write_bytes(b"\x30\x82\x01\x0a"), "in PEM form"),
    ],
)
def test_a_file_that_is_not_there_or_something_else_is_named_with_its_key(settings, key, spoil, what):
    path: Path = getattr(settings, key)
    spoil(path)
    complaint = _complaint(settings)
    assert complaint.startswith(f"[scp.tls] {key}: {path} ")
    assert complaint.endswith(what)


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_a_key_that_may_not_be_read_is_said(settings):
    settings.key.chmod(0)
    assert _complaint(settings) == f"[scp.tls] key: {settings.key} cannot be read: Permission denied"


@pytest.mark.parametrize("encrypted", [PKCS_8, TRADITIONAL], ids=["PKCS #8", "traditional"])
def test_nobody_is_asked_for_a_password(settings, encrypted):
    settings.key.write_text(encrypted)
    wanted = f"[scp.tls] key: {settings.key} is encrypted, and nobody is there to type its password"
    assert _complaint(settings) == wanted


def test_rubbish_between_the_right_lines_is_no_certificate(settings):
    assert _complaint(settings).startswith(f"[scp.tls] certificate: {settings.certificate} or its key: ")
