"""Who calls from where, and what an admin who knows it writes into the settings."""

from itertools import cycle, islice

from tests.benchmarks.siege.scale import Scale

MODALITY, MODALITY_ADDRESS = "CT1", "127.0.1.1"
WARD, WARD_NETWORK = "WARD", "127.0.2"
"""Many devices of one name: those that are all active at once."""
OLD, OLD_NETWORK = "OLD_CT", "127.0.3"
"""Devices that are let in and then say nothing, or next to nothing."""
STRANGERS_NETWORK = "127.0.4"

ASSOCIATIONS_PER_ADDRESS = 50
"""As shipped: so many callers share one address here."""
ROOM = 100
"""Beside the many: for the known modality, and for those that end as others begin."""


def addresses(network: str, callers: int) -> list[str]:
    """One for each caller, on as few as the limit for each address allows, and a quarter more."""
    different = -(-callers * 5 // (4 * ASSOCIATIONS_PER_ADDRESS))
    return list(islice(cycle(f"{network}.{last}" for last in range(1, different + 1)), callers))


def besiegers_let_in(scale: Scale) -> int:
    """How many of the besiegers call under a name that is listed: two of their five kinds."""
    return 2 * scale.besiegers // 5


def settings(port: int, scale: Scale) -> str:
    """``[scp]`` for these callers: room for the many, and a reserve that strangers cannot take."""
    let_in = besiegers_let_in(scale)
    at_most = max(scale.active, let_in + scale.besiegers // 4) + ROOM
    return (
        f"[scp]\nport = {port}\nassociations_per_address = {ASSOCIATIONS_PER_ADDRESS}\n"
        f"associations_at_most = {at_most}\nassociations_reserved = {let_in + ROOM}\n"
        + _modality(MODALITY, MODALITY_ADDRESS)
        + _modality(WARD, f"{WARD_NETWORK}.0/24")
        + _modality(OLD, f"{OLD_NETWORK}.0/24", at_most=let_in)
        + '[spool]\nurl = "spool"\n[ledger]\nurl = "sqlite:///ledger.sqlite3"\n'
    )


def _modality(ae_title: str, address: str, *, at_most: int | None = None) -> str:
    limit = f"associations_at_most = {at_most}\n" if at_most else ""
    return f'[[scp.modality]]\nae_title = "{ae_title}"\naddress = "{address}"\n{limit}'
