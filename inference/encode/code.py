"""From a keyword in model.toml to a coded concept (PS3.3 section 8.8).

Codes are taken from pydicom's dictionaries by keyword, ``SCT.Lung``: digits typed from memory are wrong
sooner or later, and no validator complains.
"""

from collections.abc import Iterator
from difflib import get_close_matches

from pydicom.sr._concepts_dict import concepts
from pydicom.sr.codedict import codes
from pydicom.sr.coding import Code

from inference.errors import PackageInvalid
from inference.package.declared import Concept, ExplicitCode
from inference.package.manifest import Manifest


def code(concept: Concept) -> Code:
    """The coded concept for ``SCHEME.Keyword`` or an explicit code; raises PackageInvalid with a suggestion."""
    if isinstance(concept, ExplicitCode):
        return Code(concept.value, concept.scheme, concept.meaning)
    scheme, _, keyword = concept.partition(".")
    if scheme not in concepts or not keyword:
        schemes = ", ".join(sorted(concepts))
        raise PackageInvalid(f"'{concept}' is no code keyword; write SCHEME.Keyword with one of {schemes}")
    try:
        found: Code = getattr(getattr(codes, scheme), keyword)
    except AttributeError:
        raise PackageInvalid(f"'{concept}' is no code keyword{_suggestion(scheme, keyword)}") from None
    except RuntimeError:
        raise PackageInvalid(
            f"'{concept}' stands for several codes; give it as value, scheme, meaning"
        ) from None
    return found


def require_known_codes(manifest: Manifest) -> None:
    """Look up every concept of the manifest; raises PackageInvalid for the first that does not exist."""
    for concept in _concepts_of(manifest):
        code(concept)


def _concepts_of(manifest: Manifest) -> Iterator[Concept]:
    yield manifest.algorithm.family
    for segment in manifest.output.segment:
        yield segment.category
        yield segment.type
        if segment.laterality is not None:
            yield segment.laterality
    for measurement in manifest.output.measurement:
        yield measurement.code


def _suggestion(scheme: str, keyword: str) -> str:
    close = get_close_matches(keyword, list(concepts[scheme]), n=1)
    return f"; did you mean '{scheme}.{close[0]}'?" if close else ""
