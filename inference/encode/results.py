"""All the instances one analysis gives."""

from inference.encode.analysed import Analysed, EncodedResult
from inference.encode.segmentation import encode_segmentations
from inference.encode.structured_report import encode_structured_report


def encode_results(analysed: Analysed) -> tuple[EncodedResult, ...]:
    """SEGs, then the report; none where nothing was found: a report without a region turns a viewer black."""
    if not any(analysed.regions):
        return ()
    return (*encode_segmentations(analysed), encode_structured_report(analysed))
