"""Does a keyword in model.toml name a coded concept (PS3.3 section 8.8)?

Codes are taken from pydicom's dictionaries by keyword, ``SCT.Lung``: digits typed from memory are wrong
sooner or later, and no validator complains.
"""

from difflib import get_close_matches


def require_known(keyword: str) -> str:
    """Return ``keyword`` where it names one code; raises ValueError with what to write instead."""
    # A second of import that nobody needs who reads no manifest.
    from pydicom.sr._concepts_dict import concepts

    scheme, _, name = keyword.partition(".")
    if scheme not in concepts or not name:
        schemes = ", ".join(sorted(concepts))
        raise ValueError(f"'{keyword}' is no code keyword; write SCHEME.Keyword with one of {schemes}")
    meanings = concepts[scheme].get(name)
    if meanings is None:
        close = get_close_matches(name, list(concepts[scheme]), n=1)
        hint = f"; did you mean '{scheme}.{close[0]}'?" if close else ""
        raise ValueError(f"'{keyword}' is no code keyword{hint}")
    return keyword
