"""Log lines: one a line, whatever a peer put into its fields."""

import logging
import sys
import threading
import traceback
import warnings
from pathlib import Path

CONTROL_CHARACTERS = dict.fromkeys((*range(32), *range(127, 160)), "·")


class OneLine(logging.Formatter):
    """Formats a record and takes out control characters, so that no peer can forge a line.

    A traceback keeps its lines; it is ours.
    """

    def formatMessage(self, record: logging.LogRecord) -> str:  # noqa: N802 (logging's name)
        """The line without control characters."""
        return super().formatMessage(record).translate(CONTROL_CHARACTERS)


def log_to_stderr(process: str, level: int = logging.INFO) -> None:
    """Send the node's own log to stderr, each line naming the process it came from."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(OneLine(f"%(asctime)s {process} %(levelname)s %(message)s"))
    # pydicom's warnings quote the value they are about, which may be the patient's name, or a forged line. It
    # gives them to its logger too, whose level it sets anew whenever it is imported.
    warnings.filterwarnings("ignore", module=r"pydicom\.")
    handler.addFilter(lambda record: record.name.partition(".")[0] != "pydicom")
    logging.basicConfig(level=logging.WARNING, handlers=[handler], force=True)
    logging.getLogger("dicom_node").setLevel(level)
    # pynetdicom logs the identifiers it sends and receives from DEBUG on, peers' texts below ERROR, and as
    # ERROR what the node itself says better.
    logging.getLogger("pynetdicom").setLevel(logging.CRITICAL)
    threading.excepthook = _name_where_a_thread_ended


def _name_where_a_thread_ended(ended: threading.ExceptHookArgs) -> None:
    """Where and by what, without its message: one of pynetdicom's quotes what a peer sent."""
    frames = traceback.extract_tb(ended.exc_traceback)
    where = f"{Path(frames[-1].filename).name}:{frames[-1].lineno}" if frames else "an unknown place"
    logging.getLogger(__name__).error("a thread ended by %s at %s", ended.exc_type.__name__, where)
