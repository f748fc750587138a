"""Who may call, and from where: ``[[scp.modality]]`` with its host names looked up."""

import socket
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from ipaddress import ip_network

from dicom_node.scp.addresses import LOOPBACK, Address, Addresses, Network, plain_address
from dicom_node.settings import ModalitySettings


@dataclass(frozen=True, kw_only=True)
class Modality:
    """One section. ``address`` as it is written there; no ``networks`` means a host name that was not found."""

    ae_title: str
    address: str
    networks: tuple[Network, ...]
    tls_only: bool = False
    associations_at_most: int | None = None
    commitment_port: int | None = None

    def is_at(self, address: Address) -> bool:
        """Whether it may call from there."""
        return any(address in network for network in self.networks)


@dataclass(frozen=True, kw_only=True)
class Modalities:
    """All sections, and a sentence for each host name that was not found."""

    listed: tuple[Modality, ...]
    mistakes: tuple[str, ...]


def find_modalities(
    sections: Sequence[ModalitySettings], look_up: Callable[[str], Iterable[str]] | None = None
) -> Modalities:
    """Look up the host names of ``sections``. May take as long as the name server does.

    A name that is not found is a mistake and not an error: the other modalities must not wait for it.
    """
    listed, mistakes = [], []
    for section in sections:
        try:
            networks = _networks(section.address, look_up or _look_up)
        except (OSError, UnicodeError) as error:
            networks = ()
            mistakes.append(
                f"{section.ae_title}: the host name {section.address} is not found ({_cause(error)}); "
                "correct [[scp.modality]] address, or write an IP address"
            )
        listed.append(Modality(networks=networks, **section.model_dump()))
    return Modalities(listed=tuple(listed), mistakes=tuple(mistakes))


def is_host_name(address: str) -> bool:
    """Whether an address of a section has to be looked up."""
    try:
        ip_network(address)
    except ValueError:
        return True
    return False


def known_addresses(modalities: Sequence[Modality]) -> Addresses:
    """Where listed modalities call from; with none listed, this machine."""
    if not modalities:
        return Addresses(LOOPBACK)
    return Addresses(network for modality in modalities for network in modality.networks)


def _networks(address: str, look_up: Callable[[str], Iterable[str]]) -> tuple[Network, ...]:
    if is_host_name(address):
        return tuple(sorted({ip_network(plain_address(found)) for found in look_up(address)}, key=str))
    return (_plain_network(ip_network(address)),)


def _plain_network(network: Network) -> Network:
    """A network of IPv4 addresses written as IPv6 is one of IPv4, as callers' addresses are."""
    mapped = plain_address(str(network.network_address))
    if mapped.version == network.version or network.prefixlen < 96:
        return network
    return ip_network((mapped.packed, network.prefixlen - 96))


def _look_up(host: str) -> Iterable[str]:
    return [str(found[4][0]) for found in socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)]


def _cause(error: OSError | UnicodeError) -> str:
    return (error.strerror if isinstance(error, OSError) else None) or "it is no host name"
