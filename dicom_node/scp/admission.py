"""Who may open an association: the first question of the door. Pure.

An AE title is a claim and an address can be borrowed; only both together, as listed, let a caller in, and
where that is not enough, a certificate (``tls_only`` with mutual TLS).
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass

from dicom_node.scp.addresses import LOOPBACK, plain_address
from dicom_node.scp.modalities import Modality
from dicom_node.settings import ScpSettings

REJECTED_PERMANENT, REJECTED_TRANSIENT = 1, 2
SERVICE_USER, SERVICE_PROVIDER_PRESENTATION = 1, 3
NO_REASON_GIVEN, CALLING_AE_TITLE_NOT_RECOGNIZED, CALLED_AE_TITLE_NOT_RECOGNIZED = 1, 3, 7
LOCAL_LIMIT_EXCEEDED = 2


@dataclass(frozen=True, kw_only=True)
class Caller:
    """Who asks for an association: ``address`` as the socket gives it, AE titles as A-ASSOCIATE-RQ has them."""

    address: str
    calling_ae_title: str
    called_ae_title: str
    is_tls: bool


@dataclass(frozen=True, kw_only=True)
class Refusal:
    """``result``, ``source`` and ``reason`` of A-ASSOCIATE-RJ (PS3.8 table 9-21).

    For the operator a ``sentence``, which goes on after "it", and the ``remedy``.
    """

    result: int
    source: int
    reason: int
    sentence: str
    remedy: str


def reason_to_refuse(
    caller: Caller, *, settings: ScpSettings, modalities: Sequence[Modality]
) -> Refusal | None:
    """Why this caller gets no association; None lets it in."""
    if not settings.any_called_ae_title and caller.called_ae_title.strip(" ") != settings.ae_title:
        return _called_by_another_name(caller, settings)
    if not modalities:
        return None if _is_on_this_machine(caller) else _stranger(caller, "and no [[scp.modality]] is listed")
    named = [each for each in modalities if each.ae_title == caller.calling_ae_title.strip(" ")]
    if not named:
        return _stranger(
            caller, f"and no [[scp.modality]] has its AE title{_in_other_letters(caller, modalities)}"
        )
    there = [each for each in named if each.is_at(plain_address(caller.address))]
    if not there:
        return _somewhere_else(caller, named)
    if not caller.is_tls and all(each.tls_only for each in there):
        return _without_tls()
    return None


def modality_of(caller: Caller, modalities: Sequence[Modality]) -> Modality | None:
    """The section by which a caller was let in; None where none is listed."""
    address = plain_address(caller.address)
    return next(
        (
            each
            for each in modalities
            if each.ae_title == caller.calling_ae_title.strip(" ")
            and each.is_at(address)
            and (caller.is_tls or not each.tls_only)
        ),
        None,
    )


def local_limit_exceeded(sentence: str, remedy: str) -> Refusal:
    """A transient refusal: the sender tries again, and may be let in then."""
    return Refusal(
        result=REJECTED_TRANSIENT,
        source=SERVICE_PROVIDER_PRESENTATION,
        reason=LOCAL_LIMIT_EXCEEDED,
        sentence=sentence,
        remedy=remedy,
    )


def _is_on_this_machine(caller: Caller) -> bool:
    address = plain_address(caller.address)
    return any(address in network for network in LOOPBACK)


def _called_by_another_name(caller: Caller, settings: ScpSettings) -> Refusal:
    return _permanent(
        CALLED_AE_TITLE_NOT_RECOGNIZED,
        f"calls {_quoted(caller.called_ae_title)}, and this node is {_quoted(settings.ae_title)}",
        "Correct the called AE title at the sender, or set [scp] any_called_ae_title = true "
        "and restart the node.",
    )


def _stranger(caller: Caller, why: str) -> Refusal:
    return _permanent(
        CALLING_AE_TITLE_NOT_RECOGNIZED,
        f"is not known, {why}",
        f"If it may send, allow it by a section [[scp.modality]] with "
        f"`ae_title = {_quoted(caller.calling_ae_title)}` and "
        f"`address = {_quoted(str(plain_address(caller.address)))}`, and restart the node.",
    )


def _in_other_letters(caller: Caller, modalities: Sequence[Modality]) -> str:
    said = caller.calling_ae_title.strip(" ").casefold()
    meant = next((each.ae_title for each in modalities if each.ae_title.casefold() == said), None)
    return f"; capitals and small letters differ, and {_quoted(meant)} is listed" if meant else ""


def _somewhere_else(caller: Caller, named: Sequence[Modality]) -> Refusal:
    places = ", ".join(
        each.address if each.networks else f"{each.address} (which is not found)" for each in named
    )
    return _permanent(
        CALLING_AE_TITLE_NOT_RECOGNIZED,
        f"calls from another address than is listed for it: {places}",
        f"If it is the same device, correct [[scp.modality]] address, or add a section with "
        f"`address = {_quoted(str(plain_address(caller.address)))}`, and restart the node.",
    )


def _without_tls() -> Refusal:
    return _permanent(
        NO_REASON_GIVEN,
        "calls without TLS, and its [[scp.modality]] has tls_only = true",
        "Have the sender use TLS and the port of [scp.tls].",
    )


def _permanent(reason: int, sentence: str, remedy: str) -> Refusal:
    return Refusal(
        result=REJECTED_PERMANENT, source=SERVICE_USER, reason=reason, sentence=sentence, remedy=remedy
    )


def _quoted(text: str) -> str:
    """As TOML writes a text; what a peer sent cannot leave the quotes."""
    return json.dumps(text.strip(" "))
