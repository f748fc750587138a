"""Which of the segments that the manifest declares were found."""

import numpy as np

from inference.encode.analysed import Analysed, Segmentation
from inference.encode.frames import presence
from inference.package.output import Segment
from inference.volume.volume import Volume


def segments_found(analysed: Analysed) -> tuple[Segment, ...]:
    """In the order of the manifest; none where no segments were looked for."""
    if not isinstance(analysed.found, Segmentation):
        return ()
    segments, labels = analysed.manifest.output.segment, analysed.found.labels
    if isinstance(analysed.source, Volume):
        is_found = presence(labels, len(segments)).any(axis=0)
    else:
        is_found = labels.any(axis=(0, 1))
    return tuple(segments[k] for k in np.flatnonzero(is_found))
