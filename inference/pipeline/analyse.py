"""One study through one model: load, gate, preprocess, predict, postprocess, encode.

The stations in order, and nothing else; each is a room of this library.
"""

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from pydicom.config import disable_value_validation

from inference.encode.analysed import Analysed
from inference.encode.forms import encode_forms
from inference.encode.preview import draw_preview
from inference.errors import GeometryRefused
from inference.gate.judge import judge_prepared
from inference.pipeline.answer import answer
from inference.pipeline.judge_found import judge_found
from inference.pipeline.model import LoadedModel
from inference.pipeline.not_run import report_not_run
from inference.pipeline.outcome import Outcome
from inference.pipeline.question import Question
from inference.pipeline.source import Source, read_source
from inference.pipeline.stopwatch import Stopwatch
from inference.pipeline.wishes import NO_WISHES, Wishes


def analyse(
    model: LoadedModel, sources: Sequence[Path], *, now: datetime, wishes: Wishes = NO_WISHES
) -> Outcome:
    """Take the instances at ``sources`` through the stations; ``now`` is the time the results will state.

    They are one projection image, or the instances of one series in any order, as the package's ``[input] each``
    says. A refusal by the gate has a result too: a report with the reasons. Raises InputUnreadable for a file that is
    no DICOM instance or whose pixels cannot be decoded, PredictionFailed where the device gave up.
    """
    watch = Stopwatch()
    # Values that are no dates, or too long, are the source's; pydicom would warn of them with the value.
    with disable_value_validation():
        try:
            source = read_source(model.manifest, sources, watch)
            if isinstance(source, Source):
                return _answered(model, source, watch, now, wishes)
            reasons = source.refusals
        except GeometryRefused as refusal:
            reasons = (str(refusal),)
    with watch.station("encode"):
        report = report_not_run(model, sources, reasons, now=now, wishes=wishes)
    return Outcome(verdict="refused", reasons=reasons, seconds=watch.seconds, results=(report,))


def _answered(model: LoadedModel, source: Source, watch: Stopwatch, now: datetime, wishes: Wishes) -> Outcome:
    manifest = model.manifest
    question = Question(
        field=source.field,
        manifest=manifest,
        predictor=model.predictor,
        pixel_mm2=source.pixel_mm2,
        keep_probabilities="probability_map" in manifest.results.also,
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
            probabilities=given.probabilities,
            series=wishes.series,
            replaces=wishes.replaces,
        )
        results = encode_forms(analysed, wishes.encodings)
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
