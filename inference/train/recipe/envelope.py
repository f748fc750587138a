"""``[envelope]``: what the gate shall know beside the images that were learnt from."""

from inference.package.declared import Declared
from inference.train.sources.tables import DataTable


class EnvelopeTable(Declared):
    """``[envelope]``. ``data``: a table as ``[data]``, in the same folder; the envelope knows its inputs too, but for
    those of patients that are kept for validation. So images without a label still tell what is usual.
    """

    data: DataTable
