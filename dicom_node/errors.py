"""Every error of the node. The docstring of each is the sentence an operator reads in the manual.

Transient: the same step may succeed later without anybody doing anything; the node tries again.
Permanent: it will not succeed until somebody changes something; the message says what.
"""


class NodeError(Exception):
    """Base of all errors the node raises on purpose."""


class Transient(NodeError):
    """Something the node needs is away or busy; it tries again by itself."""


class Permanent(NodeError):
    """Somebody has to change something; the message says what."""


class SettingsInvalid(Permanent):
    """The settings hold mistakes; each is named with what is allowed. Correct them and start again."""


class LedgerUnusable(Permanent):
    """The ledger cannot be opened or is of another version; check [ledger] url and the folder's rights."""


class LedgerAway(Transient):
    """The ledger did not take an entry in time (locked, or its disk is full); it is tried again."""


class DoorBlocked(Permanent):
    """The port of [scp] cannot be listened on; another program has it, or the address is not ours."""


class TlsUnusable(Permanent):
    """A file named in [scp.tls] cannot be used; the message says which and why. Mend it and start again."""


class SpoolUnusable(Permanent):
    """The spool folder cannot be written; check [spool] url, the folder's rights and the disk."""


class SpoolFull(Transient):
    """The disk under the spool is full; free space, and modalities will send again by themselves."""


class InstanceInvalid(Permanent):
    """The peer sent something that is no valid instance; it was not stored, and the peer was told so."""


class BrokerAway(Transient):
    """Redis does not answer; the work waits in the ledger and goes on when Redis is back."""


class DestinationAway(Transient):
    """The destination does not answer or the association broke; delivery is tried again."""


class DestinationRefused(Transient):
    """The destination answered with a failure status; delivery is tried again. Ask its administrator why."""


class PackageUnusable(Permanent):
    """A folder named in [inference] packages is not a model package; the message says what is wrong."""


class AlreadyRunning(Permanent):
    """Another `dicom-node up` runs with the same ledger; end it, or give this one settings of its own."""


class RehearsalFailed(Permanent):
    """A step of the demo did not hold; the message names the step and what was seen instead."""
