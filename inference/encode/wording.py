"""Every sentence a reader of a report meets that is ours, in one place and in English.

Plain words, no attribute of the patient. What others say (the manifest, the gate, the expert rules) is passed through
``plain``, so that no text breaks an instance.
"""

import unicodedata
from collections.abc import Iterable, Sequence

from inference.confidence.confidence import Confidence
from inference.encode.analysed import Analysed
from inference.measure.measured import Measured
from inference.package.output import Finding, Kind
from inference.postprocess.rules import Firing

RESEARCH = "For research only: not a medical device, not for diagnosis."
NOTHING_FOUND = "Nothing was found."
NOT_RUN = "The model gave no result for these images."
REPLACES = "This replaces an earlier result of the same model for this series."
NOT_ABSENT = "That nothing is reported does not mean that nothing is there."

KINDS: dict[Kind, str] = {
    "volume": "volume",
    "area": "area",
    "longest_diameter": "longest diameter in one image",
    "longest_diameter_3d": "longest diameter",
    "mean": "mean",
    "standard_deviation": "standard deviation",
    "count": "separate parts",
}
UNITS = {"[hnsf'U]": "HU", "{pixels}": "pixels", "[arb'U]": "", "1": ""}
"""UCUM -> what a reader calls it, where that is something else."""


def standing_remarks(analysed: Analysed) -> Iterable[str]:
    """What stands in every report."""
    model = analysed.manifest.model
    if model.research_only:
        yield RESEARCH
    yield f"Made by {model.name} {model.version} without human review."
    if analysed.replaces:
        yield REPLACES


def about_segment(
    label: str, measured: Sequence[Measured], confidence: Confidence | None, where: str | None = None
) -> str:
    """``Liver: volume 1512.3 mL, mean 54.2 HU; largest in image 120; certainty 97.3 %.``"""
    numbers = ", ".join(f"{KINDS[each.kind]} {amount(each.value, each.unit)}" for each in measured)
    parts = [numbers or "found", *([f"largest in {where}"] if where else []), *_certainty(confidence)]
    return f"{label}: {'; '.join(parts)}."


def about_rule(firing: Firing) -> str:
    """An expert rule that was broken, and what was done."""
    rule, said = firing.rule.replace("_", " "), firing.sentence.rstrip(".")
    return f"Expert rule {rule} ({firing.segment}): {said}."


def about_class(finding: Finding, probability: float) -> str:
    """The package's own sentence where the class is found; else that it is not, and never that it is absent."""
    is_found = probability >= finding.threshold
    said = plain(finding.positive).rstrip(".") if is_found else f"{finding.label} was not found"
    return f"{said} (probability {percent(probability)}, threshold {percent(finding.threshold)})."


def about_box(label: str, score: float) -> str:
    """One finding of a detection."""
    return f"{label}: probability {percent(score)}."


def as_sentence(text: str) -> str:
    """With a capital at its beginning and a full stop at its end."""
    said = plain(text)
    return said[:1].upper() + said[1:] + ("" if said.endswith((".", "!", "?")) else ".")


def nothing_of(label: str) -> str:
    """Nothing of a segment or a kind of finding."""
    return f"{label}: nothing was found."


def amount(value: float, unit: str) -> str:
    """The number with as many digits as a reader needs, and its unit."""
    digits = f"{value:.1f}" if abs(value) >= 10 else f"{value:.3g}"
    return f"{digits} {UNITS.get(unit, unit)}".rstrip()


def percent(share: float) -> str:
    """0 to 1 as percent."""
    return f"{100 * share:.1f} %"


def plain(sentence: str) -> str:
    """The sentence in printable ASCII on one line: valid in every character set (PS3.5 6.1), no backslash."""
    letters = unicodedata.normalize("NFKD", sentence).translate(_TYPOGRAPHY)
    shown = "".join(each if " " <= each <= "~" else _replaced(each) for each in letters)
    return " ".join(shown.replace("\\", "/").split())


_TYPOGRAPHY = str.maketrans(
    {"–": "-", "—": "-", "−": "-", "‘": "'", "’": "'", "“": '"', "”": '"', "×": "x", "≥": ">=", "≤": "<="}
)


def _replaced(letter: str) -> str:
    if unicodedata.combining(letter):
        return ""
    return " " if unicodedata.category(letter)[0] in "CZ" else "?"


def _certainty(confidence: Confidence | None) -> Iterable[str]:
    if confidence is None:
        return
    yield f"certainty {percent(confidence.certainty)}"
    if confidence.member_agreement is not None:
        yield f"the members of the ensemble agree by {percent(confidence.member_agreement)} (Dice)"
