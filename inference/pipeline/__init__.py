"""One study through one model; ``analyse.py`` is the way it takes."""

from inference.encode.analysed import EncodedResult
from inference.encode.encoding import Encoding
from inference.encode.predecessor import Predecessor
from inference.encode.series_rule import SeriesRule
from inference.pipeline.analyse import analyse
from inference.pipeline.model import LoadedModel, load_model
from inference.pipeline.not_run import report_not_run
from inference.pipeline.outcome import Outcome
from inference.pipeline.wishes import Wishes

__all__ = [
    "EncodedResult",
    "Encoding",
    "LoadedModel",
    "Outcome",
    "Predecessor",
    "SeriesRule",
    "Wishes",
    "analyse",
    "load_model",
    "report_not_run",
]
