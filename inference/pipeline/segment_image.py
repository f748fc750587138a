"""Segments of one image: its probabilities are restored to the source's grid and decided there."""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from inference.confidence.confidence import Confidence
from inference.confidence.entropy import MeanEntropy
from inference.confidence.member_agreement import MemberAgreement
from inference.confidence.soft_dice import soft_dice
from inference.encode.analysed import Segmentation
from inference.package.manifest import Manifest
from inference.pipeline.question import Answer, Question
from inference.pipeline.stopwatch import Stopwatch
from inference.postprocess import decide, postprocess
from inference.postprocess.restore_geometry import restore_maps
from inference.predict import Maps
from inference.preprocess.field import Field, Undo

Labels = npt.NDArray[np.uint8]


def segment_image(question: Question, prepared: Field, undos: Sequence[Undo], watch: Stopwatch) -> Answer:
    """Labels (rows, columns, segments) of 0 and 1; a confidence for each segment."""
    manifest, predictor = question.manifest, question.predictor
    channels = manifest.output.channels
    with watch.station("predict"):
        members = predictor.each_member(prepared.values)
        agreement = _agreement(members, manifest)
        maps = predictor.combine(members)
    with watch.station("postprocess"):
        restored = restore_maps(maps, undos)
        labels = postprocess(restored, manifest.postprocess, channels=channels, pixel_mm2=question.pixel_mm2)
        confidence = tuple(
            Confidence(
                label=segment.label,
                certainty=soft_dice(restored[..., segment.channel], labels[..., k]),
                kind="soft_dice",
                member_agreement=agreement[k],
                mean_entropy_bits=_entropy(restored, labels[..., k], segment.channel),
            )
            for k, segment in enumerate(manifest.output.segment)
        )
    return Answer(prepared=prepared, found=Segmentation(labels=labels), confidence=confidence, maps=maps)


def _agreement(members: Sequence[Maps], manifest: Manifest) -> tuple[float | None, ...]:
    segments = len(manifest.output.segment)
    if len(members) < 2:
        return (None,) * segments
    agreement = MemberAgreement(members=len(members), segments=segments)
    agreement.add([decide(maps, manifest.postprocess[0], manifest.output.channels) for maps in members])
    return agreement.values()


def _entropy(maps: Maps, labels: Labels, channel: int) -> float | None:
    entropy = MeanEntropy((channel,))
    entropy.add(maps, labels)
    return entropy.values()[0]
