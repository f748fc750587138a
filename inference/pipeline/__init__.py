"""One study through one model; ``analyse.py`` is the way it takes."""

from inference.encode.analysed import EncodedResult
from inference.pipeline.analyse import analyse
from inference.pipeline.model import LoadedModel, load_model
from inference.pipeline.outcome import Outcome

__all__ = ["EncodedResult", "LoadedModel", "Outcome", "analyse", "load_model"]
