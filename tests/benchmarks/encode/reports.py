"""The report alone, and a whole result: SEG, SR and pictures of five segments on 300 slices."""

import numpy as np

from inference.encode.contact_sheet import draw_key_pictures
from inference.encode.preview import draw_preview
from inference.encode.results import encode_results
from inference.encode.segmentation import encode_segmentations
from inference.encode.structured_report import encode_structured_report
from tests.benchmarks.encode.clock import least
from tests.benchmarks.encode.material import SIDE, SLICES, analysed, organs
from tests.benchmarks.inference.ratio import Ratio

SEGMENTS = 5
MOST_SR, MOST_ALL = 0.2, 1.0


def measure() -> list[Ratio]:
    """CPU seconds, warm."""
    chance = np.random.default_rng(0)
    voxels = chance.normal(size=(SLICES, SIDE, SIDE)).astype(np.float32)
    given = analysed(organs(SEGMENTS), SEGMENTS, voxels)
    written = encode_segmentations(given)
    report, everything = least(
        lambda: encode_structured_report(given, written),
        lambda: (encode_results(given), draw_preview(given), draw_key_pictures(given)),
    )
    return [
        Ratio(said=f"SR of {SEGMENTS} segments, CPU seconds", measured=report, bar=MOST_SR),
        Ratio(
            said=f"SEG, SR and pictures of {SEGMENTS} segments, CPU seconds",
            measured=everything,
            bar=MOST_ALL,
        ),
    ]
