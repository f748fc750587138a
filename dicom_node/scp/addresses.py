"""Addresses of peers: one form for each, and sets of networks that are quick to ask."""

from collections.abc import Iterable
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network

Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network

LOOPBACK: tuple[Network, ...] = (ip_network("127.0.0.0/8"), ip_network("::1/128"))


def plain_address(text: str) -> Address:
    """An address as a socket gives it, without its zone, and IPv4 as IPv4 although it came through IPv6.

    Raises ValueError for what is no IP address.
    """
    address = ip_address(text.partition("%")[0])
    mapped = address.ipv4_mapped if isinstance(address, IPv6Address) else None
    return mapped or address


class Addresses:
    """All addresses of some networks. Asking takes no longer when there are more of them."""

    def __init__(self, networks: Iterable[Network]) -> None:
        self._networks = frozenset(networks)
        self._lengths = {(network.version, network.prefixlen) for network in self._networks}

    def __contains__(self, address: Address) -> bool:
        return any(
            ip_network((address.packed, length), strict=False) in self._networks
            for version, length in self._lengths
            if version == address.version
        )
