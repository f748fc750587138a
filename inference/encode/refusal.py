"""The report of an analysis that did not take place: a refusal is a result, with its reasons."""

from collections.abc import Sequence
from datetime import datetime

from pydicom.dataset import Dataset

from inference.encode.analysed import Analysed, EncodedResult, Instances, Refusal
from inference.encode.predecessor import Predecessor
from inference.encode.series_rule import DEFAULT_RULE, SeriesRule
from inference.encode.text_report import encode_text_report
from inference.encode.wording import NOT_ABSENT, NOT_RUN, as_sentence, standing_remarks
from inference.package.manifest import Manifest


def encode_refusal(
    *,
    manifest: Manifest,
    digest: str,
    now: datetime,
    headers: Sequence[Dataset],
    reasons: Sequence[str],
    series: SeriesRule = DEFAULT_RULE,
    replaces: tuple[Predecessor, ...] = (),
) -> EncodedResult:
    """An SR that says why the model gave no result for the instances with these headers.

    Its UIDs are derived from the reasons too: another reason is another instance. Raises ValueError without a
    header or a reason.
    """
    if not headers or not any(reason.strip() for reason in reasons):
        raise ValueError("a refusal names the instances it is about and at least one reason")
    analysed = Analysed(
        manifest=manifest,
        digest=digest,
        now=now,
        source=Instances(headers=tuple(headers)),
        found=Refusal(reasons=tuple(reasons)),
        series=series,
        replaces=replaces,
    )
    said = [*standing_remarks(analysed), NOT_RUN, NOT_ABSENT, *map(as_sentence, reasons)]
    return encode_text_report(analysed, said, kind="\n".join(("SR refusal", *reasons)))
