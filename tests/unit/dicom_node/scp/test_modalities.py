import socket
from ipaddress import ip_address, ip_network

import pytest

from dicom_node.scp import modalities
from dicom_node.scp.modalities import Modality, find_modalities, is_host_name, known_addresses
from dicom_node.settings import ModalitySettings


def _section(address: str, **keys: object) -> ModalitySettings:
    return ModalitySettings.model_validate({"ae_title": "CT1", "address": address, **keys})


def _found(address: str, *answers: str) -> tuple[str, ...]:
    (only,) = find_modalities([_section(address)], lambda _: answers).listed
    return tuple(map(str, only.networks))


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("10.0.0.7", "10.0.0.7/32"),
        ("10.1.0.0/16", "10.1.0.0/16"),
        ("fd00::7", "fd00::7/128"),
        ("::ffff:10.0.0.7", "10.0.0.7/32"),
        ("::ffff:10.1.0.0/112", "10.1.0.0/16"),
        ("::/0", "::/0"),
    ],
)
def test_an_address_is_not_looked_up(address, network):
    def never(_: str) -> list[str]:
        pytest.fail("it is an address already")

    (only,) = find_modalities([_section(address)], never).listed
    assert tuple(map(str, only.networks)) == (network,)


def test_a_name_is_all_addresses_it_has():
    assert _found("ct1", "10.0.0.8", "10.0.0.7", "10.0.0.7", "fd00::7") == (
        "10.0.0.7/32",
        "10.0.0.8/32",
        "fd00::7/128",
    )


def test_the_rest_of_the_section_is_kept():
    section = _section("10.0.0.7", tls_only=True, associations_at_most=4)
    assert find_modalities([section]).listed == (
        Modality(
            ae_title="CT1",
            address="10.0.0.7",
            networks=(ip_network("10.0.0.7"),),
            tls_only=True,
            associations_at_most=4,
        ),
    )


@pytest.mark.parametrize(
    ("error", "cause"),
    [
        (socket.gaierror(socket.EAI_NONAME, "Name or service not known"), "Name or service not known"),
        (UnicodeError("label too long"), "it is no host name"),
    ],
)
def test_a_name_that_is_not_found_is_named_and_hinders_nobody_else(error, cause):
    def look_up(host: str) -> list[str]:
        if host == "ct1.local":
            raise error
        return ["10.0.0.8"]

    found = find_modalities([_section("ct1.local"), _section("ct2.local")], look_up)
    assert [len(each.networks) for each in found.listed] == [0, 1]
    assert found.mistakes == (
        f"CT1: the host name ct1.local is not found ({cause}); "
        "correct [[scp.modality]] address, or write an IP address",
    )
    assert not found.listed[0].is_at(ip_address("10.0.0.8"))


def test_names_are_looked_up_by_the_system(monkeypatch):
    asked = []

    def getaddrinfo(host, port, **_):
        asked.append((host, port))
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("10.0.0.9", 0))]

    monkeypatch.setattr(modalities.socket, "getaddrinfo", getaddrinfo)
    (only,) = find_modalities([_section("ct1.local")]).listed
    assert (asked, only.networks) == ([("ct1.local", None)], (ip_network("10.0.0.9"),))


def test_this_machine_has_a_name_everywhere():
    (only,) = find_modalities([_section("localhost")]).listed
    assert only.is_at(ip_address("127.0.0.1")) or only.is_at(ip_address("::1"))


def test_known_are_the_addresses_of_all_that_are_listed():
    listed = find_modalities([_section("10.0.0.7"), _section("10.1.0.0/16")]).listed
    known = known_addresses(listed)
    assert ip_address("10.0.0.7") in known
    assert ip_address("10.1.2.3") in known
    assert ip_address("127.0.0.1") not in known


def test_with_none_listed_this_machine_is_known():
    known = known_addresses([])
    assert ip_address("127.0.0.1") in known
    assert ip_address("10.0.0.7") not in known


@pytest.mark.parametrize(
    ("address", "is_name"),
    [("ct1", True), ("ct1.local", True), ("10.0.0.7", False), ("10.1.0.0/16", False), ("fd00::7", False)],
)
def test_what_is_no_address_has_to_be_looked_up(address, is_name):
    assert is_host_name(address) is is_name
