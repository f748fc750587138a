"""Where a requester is to be called back: its section's ``commitment_port``, at the address it called from."""

import ssl
from collections.abc import Sequence

from dicom_node.ledger.commitments import Requester
from dicom_node.scp.addresses import plain_address
from dicom_node.scp.modalities import Modality
from dicom_node.scp.storage_commitment.new_association import Listener
from dicom_node.settings import TlsSettings


def listener_of(
    requester: Requester, modalities: Sequence[Modality], tls: ssl.SSLContext | None
) -> Listener | None:
    """None where no section says. ``tls`` is for those who must use it."""
    address = plain_address(requester.address)
    for each in modalities:
        if each.ae_title == requester.calling_ae_title and each.is_at(address) and each.commitment_port:
            return Listener(
                ae_title=requester.calling_ae_title,
                our_ae_title=requester.called_ae_title,
                address=requester.address,
                port=each.commitment_port,
                tls=tls if each.tls_only else None,
            )
    return None


def client_context(settings: TlsSettings | None) -> ssl.SSLContext | None:
    """TLS as we call with it (PS3.15 annex B.12): our certificate is shown, the peer's must be known.

    Names are not compared: a modality is known by its address, and certificates seldom name one.
    """
    if settings is None:
        return None
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    context.check_hostname = False
    context.verify_flags |= ssl.VERIFY_X509_PARTIAL_CHAIN
    context.load_cert_chain(settings.certificate, settings.key)
    if settings.peers_ca is None:
        context.load_default_certs(ssl.Purpose.SERVER_AUTH)
    else:
        context.load_verify_locations(settings.peers_ca)
    return context
