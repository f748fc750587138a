import pytest

from dicom_node.settings import load_settings, without_password
from tests.unit.dicom_node.settings.given import SHIPPED, mistakes_of, modality, written


@pytest.mark.parametrize(
    ("section", "url"),
    [
        ("spool", "s3://bucket"),
        ("ledger", "postgresql://host/db"),
        ("ledger", "var/ledger.sqlite3"),
        ("queue", "embeded"),
        ("destinations.pacs", "dicom://PACS@host"),
        ("destinations.pacs", "dicom://host:104"),
        ("destinations.pacs", "dicom://PACS@host:999999"),
        ("destinations.pacs", "dicom://A_TITLE_THAT_IS_TOO_LONG@host:104"),
    ],
)
def test_an_address_we_do_not_serve_is_refused_with_what_is_allowed(tmp_path, section, url):
    (mistake,) = mistakes_of(written(tmp_path, f'[{section}]\nurl = "{url}"\n'))
    assert f"[{section}] url = '{url}': " in mistake
    assert "allowed: " in mistake or "an AE title has 1 to 16" in mistake


@pytest.mark.parametrize(
    "url", ["embedded", "none", "redis://h:6379/0", "rediss://h/0", "redis+socket:///r.sock"]
)
def test_the_queues_there_are(tmp_path, url):
    assert load_settings(written(tmp_path, f'[queue]\nurl = "{url}"\n'), {}).queue.url == url


def test_a_destinations_ae_title_is_judged_as_it_will_be_used(tmp_path):
    fifteen = written(tmp_path, '[destinations.pacs]\nurl = "dicom://MY%20PACS%20NUMBER1@h:104"\n')
    assert load_settings(fifteen, {}).destinations["pacs"].url.endswith("@h:104")
    backslash = written(tmp_path, '[destinations.pacs]\nurl = "dicom://A%5CB@h:104"\n')
    assert "no backslash" in mistakes_of(backslash)[0]


@pytest.mark.parametrize(
    "address",
    [
        "10.0.0.7",
        "10.1.0.0/16",
        "0.0.0.0/0",
        "fd00::7",
        "fd00::/8",
        "ct1",
        "ct-1.local",
        "ct_1.x.",
        "face",
        "7up",
    ],
)
def test_the_addresses_a_modality_may_have(address):
    (only,) = load_settings(SHIPPED, modality(ae_title="CT1", address=address)).scp.modality
    assert (only.ae_title, only.address, only.tls_only, only.associations_at_most) == (
        "CT1",
        address,
        False,
        None,
    )


@pytest.mark.parametrize(
    ("address", "sentence"),
    [
        ("10.0.0.777", "no IP address or network: "),
        ("10.0.0.7/8", "no IP address or network: 10.0.0.7/8 has host bits set"),
        ("10.0.0.0/33", "no IP address or network: "),
        ("fd00::g", "allowed: a host name, an IP address, or a network such as 10.1.2.0/24"),
        ("", "allowed: a host name"),
        ("-ct1", "allowed: a host name"),
        ("ct 1", "allowed: a host name"),
        ("ct1\n", "allowed: a host name"),
        ("x" * 254, "allowed: a host name"),
    ],
)
def test_what_is_no_address_is_refused(address, sentence):
    (mistake,) = mistakes_of(SHIPPED, modality(ae_title="CT1", address=address))
    assert mistake.startswith(f"  [[scp.modality]] number 1, address = {address!r}: {sentence}")


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("redis://node:geheim@broker:6379/0", "redis://node:***@broker:6379/0"),
        ("redis://:ge:heim@broker/0", "redis://:***@broker/0"),
        ("dicom://PACS@10.0.0.1:104", "dicom://PACS@10.0.0.1:104"),
        ("sqlite:///var/a@b", "sqlite:///var/a@b"),
        ("embedded", "embedded"),
    ],
)
def test_what_is_shown_of_a_url_has_no_password(text, shown):
    assert without_password(text) == shown
