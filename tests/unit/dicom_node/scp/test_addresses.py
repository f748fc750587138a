from ipaddress import ip_address, ip_network

import pytest

from dicom_node.scp.addresses import LOOPBACK, Addresses, plain_address


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("10.0.0.7", "10.0.0.7"),
        ("::ffff:10.0.0.7", "10.0.0.7"),
        ("::ffff:7f00:1", "127.0.0.1"),
        ("fe80::1%eth0", "fe80::1"),
        ("FD00:0::7", "fd00::7"),
        ("::1", "::1"),
        ("::10.0.0.7", "::a00:7"),  # the retired "compatible" form is another address
    ],
)
def test_an_address_has_one_form(text, plain):
    assert str(plain_address(text)) == plain


@pytest.mark.parametrize("text", ["", "ct1", "10.0.0", "10.0.0.7:104", "%eth0"])
def test_what_is_no_address_is_a_mistake(text):
    with pytest.raises(ValueError, match="does not appear to be"):
        plain_address(text)


@pytest.mark.parametrize(
    ("address", "is_in"),
    [
        ("10.1.0.0", True),
        ("10.1.255.255", True),
        ("10.2.0.0", False),
        ("192.168.4.7", True),
        ("192.168.4.8", False),
        ("fd00::1:0", True),
        ("fd01::", False),
        ("::ffff:10.1.2.3", True),
        ("::a01:203", False),  # as a number the same as 10.1.2.3
    ],
)
def test_networks_of_different_lengths(address, is_in):
    addresses = Addresses(map(ip_network, ("10.1.0.0/16", "192.168.4.7/32", "fd00::/16")))
    assert (plain_address(address) in addresses) is is_in


def test_no_network_holds_nobody_and_the_widest_everybody_of_its_kind():
    assert ip_address("10.0.0.7") not in Addresses([])
    everybody = Addresses([ip_network("0.0.0.0/0")])
    assert ip_address("203.0.113.9") in everybody
    assert ip_address("fd00::1") not in everybody


@pytest.mark.parametrize(
    ("address", "is_this_machine"),
    [
        ("127.0.0.1", True),
        ("127.200.0.1", True),
        ("::1", True),
        ("::ffff:127.0.0.1", True),
        ("128.0.0.1", False),
        ("::2", False),
        ("0.0.0.0", False),
        ("::ffff:10.0.0.7", False),
    ],
)
def test_the_loopback_in_all_its_forms(address, is_this_machine):
    assert (plain_address(address) in Addresses(LOOPBACK)) is is_this_machine
