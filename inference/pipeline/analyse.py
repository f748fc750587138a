"""One study through one model: load, gate, preprocess, predict, postprocess, encode.

The stations in order, and nothing else; each is a room of this library.
"""

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from pydicom.config import disable_value_validation

from inference.encode.analysed import Analysed
from inference.encode.preview import draw_preview
from inference.encode.results import encode_results
from inference.errors import GeometryRefused
from inference.gate.judge import judge_prepared
from inference.gate.judgement import Judgement
from inference.pipeline.answer import answer
from inference.pipeline.judge_found import judge_found
from inference.pipeline.model import LoadedModel
from inference.pipeline.outcome import Outcome
from inference.pipeline.question import Question
from inference.pipeline.source import Source, read_source
from inference.pipeline.stopwatch import Stopwatch


def analyse(model: LoadedModel, sources: Sequence[Path], *, now: datetime) -> Outcome:
    """Take the instances at ``sources`` through the stations; ``now`` is the time the results will state.

    They are one projection image, or the instances of one series in any order, as the package's ``[input] each``
    says. Raises InputUnreadable for a file that is no DICOM instance or whose pixels cannot be decoded,
    PredictionFailed where the device gave up.
    """
    watch = Stopwatch()
    # Values that are no dates, or too long, are the source's; pydicom would warn of them with the value.
    with disable_value_validation():
        try:
            source = read_source(model.manifest, sources, watch)
            if isinstance(source, Judgement):
                return _refused(source, watch)
            return _answered(model, source, watch, now)
        except GeometryRefused as refusal:
            return _refused(Judgement(refusals=(str(refusal),)), watch)


def _answered(model: LoadedModel, source: Source, watch: Stopwatch, now: datetime) -> Outcome:
    manifest = model.manifest
    question = Question(
        field=source.field, manifest=manifest, predictor=model.predictor, pixel_mm2=source.pixel_mm2
    )
    given = answer(question, watch)
    with watch.station("postprocess"):
        judged = judge_found(given.found, source.source, manifest)
    with watch.station("gate"):
        outside = judge_prepared(given.prepared.values, given.prepared.affine, model.envelope)
        flags = (*source.flags, *outside.flags, *judged.flags)
    with watch.station("encode"):
        analysed = Analysed(
            manifest=manifest,
            digest=model.digest,
            now=now,
            source=source.source,
            found=judged.found,
            remarks=(*source.notes, *flags),
            firings=judged.firings,
            measured=judged.measured,
            confidence=given.confidence,
        )
        results = encode_results(analysed)
        preview = draw_preview(analysed)
    reasons = (*flags, *(firing.sentence for firing in judged.firings))
    return Outcome(
        verdict="flagged" if reasons else "accepted",
        reasons=reasons,
        seconds=watch.seconds,
        results=results,
        preview_png=preview,
        confidence=given.confidence,
        measured=judged.measured,
        firings=judged.firings,
    )


def _refused(judgement: Judgement, watch: Stopwatch) -> Outcome:
    return Outcome(verdict="refused", reasons=judgement.refusals, seconds=watch.seconds)
