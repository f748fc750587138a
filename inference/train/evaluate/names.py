"""What a figure is called: a word that TOML takes as a key and a card as a placeholder."""

import re


def figure_name(words: str) -> str:
    """``"Left lung"`` -> ``left_lung``: small ASCII letters, digits and ``_``."""
    name = re.sub(r"[^a-z0-9]+", "_", words.lower()).strip("_")
    return name or "unknown"
