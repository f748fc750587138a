"""Segments of a volume: decided slab by slab on the network's grid, then restored as a label map."""

from collections.abc import Sequence

import numpy as np

from inference.confidence.segments import SegmentConfidence
from inference.encode.analysed import Segmentation
from inference.pipeline.question import Answer, Question
from inference.pipeline.stopwatch import Stopwatch
from inference.postprocess import decide, tidy
from inference.postprocess.restore_geometry import restore_labels, restore_maps
from inference.predict import Maps
from inference.preprocess.field import Field, Undo


def segment_volume(question: Question, prepared: Field, undos: Sequence[Undo], watch: Stopwatch) -> Answer:
    """A label map (slices, rows, columns) of the k-th segment; a confidence for each segment."""
    manifest, predictor = question.manifest, question.predictor
    first, *others = manifest.postprocess
    channels = manifest.output.channels
    labels = np.zeros(prepared.values.shape, np.uint8)
    kept: list[Maps] = []
    probable: list[Maps] = []
    confidence = SegmentConfidence(
        {segment.label: segment.channel for segment in manifest.output.segment}, members=predictor.members
    )

    def on_slab(first_slice: int, maps: Maps) -> None:
        decided = decide(maps, first, channels)
        labels[first_slice : first_slice + len(decided)] = decided
        confidence.add(maps, decided)
        if question.keep_maps:
            kept.append(maps.copy())
        if question.keep_probabilities:
            probable.append(maps[..., channels])

    def on_members(_: int, layers: Sequence[Maps]) -> None:
        confidence.add_members([decide(layer, first, channels) for layer in layers])

    with watch.station("predict"):
        predictor.by_slab(prepared.values, on_slab, on_members=on_members if predictor.members > 1 else None)
    with watch.station("postprocess"):
        restored = restore_labels(labels, undos)
        tidied = tidy(restored, others, segments=len(channels), voxel_mm3=_voxel_mm3(question.field))
    return Answer(
        prepared=prepared,
        found=Segmentation(labels=tidied),
        confidence=confidence.confidences(),
        maps=np.concatenate(kept) if kept else None,
        probabilities=_restored(probable, undos) if probable else None,
    )


def _restored(slabs: Sequence[Maps], undos: Sequence[Undo]) -> Maps:
    """(segments, slices, rows, columns) on the source's grid; one segment at a time, for memory's sake."""
    maps = np.concatenate(slabs)
    each = (restore_maps(maps[..., [k]], undos)[..., 0] for k in range(maps.shape[-1]))
    restored: Maps = np.stack(list(each)).clip(0.0, 1.0)
    return restored


def _voxel_mm3(field: Field) -> float | None:
    return None if field.affine is None else float(abs(np.linalg.det(field.affine[:3, :3])))
