"""All the instances one analysis gives."""

from inference.encode.analysed import (
    Analysed,
    Classification,
    Detection,
    EncodedResult,
    Refusal,
    Segmentation,
)
from inference.encode.classification_report import encode_classification
from inference.encode.detection_report import encode_detection
from inference.encode.encoding import DEFAULT, Encoding
from inference.encode.segmentation import encode_segmentations
from inference.encode.structured_report import encode_structured_report
from inference.encode.text_report import encode_text_report
from inference.encode.wording import NOTHING_FOUND, about_rule, standing_remarks


def encode_results(analysed: Analysed, encoding: Encoding = DEFAULT) -> tuple[EncodedResult, ...]:
    """SEG instances, then the report, which is there even where nothing was found.

    Raises ValueError where what was found cannot be what the manifest declares.
    """
    match analysed.found:
        case Segmentation():
            return _segmentation(analysed, encoding)
        case Classification():
            return (encode_classification(analysed),)
        case Detection():
            return encode_detection(analysed, encoding)
        case Refusal():
            raise ValueError("a refusal has no findings; encode_refusal writes its report")


def _segmentation(analysed: Analysed, encoding: Encoding) -> tuple[EncodedResult, ...]:
    written = encode_segmentations(analysed, encoding)
    if not written:
        rules = map(about_rule, analysed.firings)
        said = [*standing_remarks(analysed), NOTHING_FOUND, *rules, *analysed.remarks]
        return (encode_text_report(analysed, said),)
    return (*(each.result for each in written), encode_structured_report(analysed, written))
