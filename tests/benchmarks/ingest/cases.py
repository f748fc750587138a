"""The cases, in the order they are run with each receiver: those that store first, the idle ones last."""

from collections.abc import Callable
from dataclasses import dataclass

from tests.benchmarks.ingest.associating import idle, set_up
from tests.benchmarks.ingest.material import Material
from tests.benchmarks.ingest.measurement import Figures
from tests.benchmarks.ingest.server import Server
from tests.benchmarks.ingest.storing import large, one_association, several_associations, small, untuned


@dataclass(frozen=True, kw_only=True)
class Case:
    """One line of what the table compares; ``run`` sends to a server and returns figures of Measurement by name.

    ``title`` is filled with the Scale. ``stores``: whether what is done are instances, to be found in the
    receiver afterwards. ``is_negotiated``: whether the sender proposes what it likes.
    """

    name: str
    title: str
    run: Callable[[Server, Material], Figures]
    stores: bool = True
    is_negotiated: bool = False


CASES = (
    Case(name="untuned", title="storescu, untuned, 525 KB", run=untuned, is_negotiated=True),
    Case(name="one_association", title="stall-free, 525 KB, one association", run=one_association),
    Case(name="small", title="stall-free, 10 KB, one association", run=small),
    Case(
        name="several",
        title="stall-free, 525 KB, {associations} associations",
        run=several_associations,
    ),
    Case(name="large", title="one instance of {large.megabytes:.0f} MB", run=large),
    Case(name="set_up", title="association opened and released", run=set_up, stores=False),
    Case(name="idle", title="{idle} idle associations", run=idle, stores=False),
)
