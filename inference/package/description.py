"""A model package in words: what it reads, what it gives, when it keeps silent."""

from collections.abc import Iterator

from pydantic import BaseModel

from inference.package.declared import Concept, ExplicitCode, Range
from inference.package.envelope import Envelope
from inference.package.gate import Gate
from inference.package.manifest import Manifest
from inference.package.results import AlsoKind


def describe(manifest: Manifest, envelope: Envelope | None) -> list[str]:
    """Lines for a terminal, in the order of the way through the model."""
    model = manifest.model
    return [
        f"{model.name} {model.version}: {model.task}{', for research only' if model.research_only else ''}",
        f"  {model.intended_use}",
        f"  {manifest.algorithm.source}; licence {model.licence}",
        "reads",
        *_indented(_reads(manifest)),
        "does",
        *_indented(_does(manifest)),
        "gives",
        *_indented(_gives(manifest)),
        "refuses",
        *_indented(_refuses(manifest)),
        "flags for a human to look",
        *_indented(_flags(manifest, envelope)),
    ]


def _indented(lines: Iterator[str]) -> list[str]:
    return [f"  {line}" for line in lines]


def _reads(manifest: Manifest) -> Iterator[str]:
    wanted = manifest.input
    yield "one instance" if wanted.each == "instance" else "one series as a volume"
    for keyword, rule in wanted.rules.items():
        yield f"{keyword} {limits(rule) if isinstance(rule, Range) else _one_of(rule)}"
    many = {"all": "each of them", "first": "the first by UID", "refuse": "none of them"}[wanted.on_many]
    yield f"where several of a study fit: {many}"


def _does(manifest: Manifest) -> Iterator[str]:
    for step in manifest.preprocess:
        yield f"before the network: {_step(step)}"
    predict = manifest.predict
    yield f"network: {predict.members} member{'s' if predict.members > 1 else ''}{_windows(predict.patch)}"
    for after in manifest.postprocess:
        yield f"after the network: {_step(after)}"
    for rule in manifest.rule:
        yield f"an expert's rule: {_step(rule)}"


def _windows(patch: tuple[int, int, int] | None) -> str:
    return f", in windows of {' x '.join(map(str, patch))}" if patch else ", the whole image at once"


def _step(step: BaseModel) -> str:
    name, *keys = [(key, value) for key, value in step.model_dump(exclude_unset=True).items()]
    told = ", ".join(f"{key} {value}" for key, value in keys)
    return f"{name[1]}{f' ({told})' if told else ''}"


def _gives(manifest: Manifest) -> Iterator[str]:
    output = manifest.output
    for segment in output.segment:
        yield f"a SEG of '{segment.label}' ({_concept(segment.type)})"
    for finding in output.finding:
        yield (
            f"from a probability of {finding.threshold:g}: '{finding.positive}' ({_concept(finding.concept)})"
        )
    for box in output.box:
        mask = ", each with its mask" if box.mask else ""
        yield f"boxes of '{box.label}' ({_concept(box.concept)}) from a score of {box.score_at_least:g}{mask}"
    for measurement in output.measurement:
        yield f"{measurement.kind} in {measurement.unit} ({_concept(measurement.code)})"
    yield "an SR with all of this, and a preview"
    for kind in manifest.results.also:
        yield _ALSO[kind]


_ALSO: dict[AlsoKind, str] = {
    "summary": "a picture with the findings in words, as Secondary Capture",
    "presentation_state": "the contours as a presentation state",
    "probability_map": "the probabilities of each segment as a Parametric Map",
}


def _refuses(manifest: Manifest) -> Iterator[str]:
    gate = manifest.gate
    yield "what is not as under 'reads', localizers, colour, blank images"
    if manifest.input.each == "series":
        yield "a series with gaps, of mixed spacing, orientation or size, or without a place in the patient"
        yield "a CT whose values are no Hounsfield units"
    yield f"images smaller than {gate.smallest_rows} x {gate.smallest_columns}"
    yield from _grid(gate)


def _grid(gate: Gate) -> Iterator[str]:
    kinds = {
        "numbers of slices": gate.slices,
        "distances between slices in mm": gate.slice_spacing_mm,
        "distances between pixels in mm": gate.pixel_spacing_mm,
    }
    for what, rule in kinds.items():
        if rule is not None:
            yield f"{what} that are not {limits(rule)}"
    if gate.planes:
        yield f"slices that are not {' or '.join(gate.planes)}"


def _flags(manifest: Manifest, envelope: Envelope | None) -> Iterator[str]:
    gate = manifest.gate
    if manifest.model.task == "segmentation":
        yield "a segment of which nothing was found"
        yield from _fractions(gate)
    if manifest.input.each == "series":
        yield "a background that is brighter than the body; a CT that lies upside down by its table or spine"
    if envelope is None:
        yield "nothing by its greys: the package has no envelope"
        return
    yield f"greys outside of what training images had, at {len(envelope.percentiles)} percentiles"
    if envelope.thumbnails is not None:
        yield f"layouts unlike those of {len(envelope.thumbnails)} training images, or more like them upside down"


def _fractions(gate: Gate) -> Iterator[str]:
    if gate.smallest_fraction > 0:
        yield f"results that fill less than {gate.smallest_fraction:.0%}"
    if gate.largest_fraction < 1:
        yield f"results that fill more than {gate.largest_fraction:.0%}"


def limits(rule: Range) -> str:
    """A range in words."""
    if rule.at_least is not None and rule.at_most is not None:
        return f"{rule.at_least:g} to {rule.at_most:g}"
    if rule.at_least is not None:
        return f"at least {rule.at_least:g}"
    return f"at most {rule.at_most:g}"


def _one_of(values: list[str]) -> str:
    return " or ".join(value or "absent" for value in values)


def _concept(concept: Concept) -> str:
    return concept.meaning if isinstance(concept, ExplicitCode) else str(concept)
