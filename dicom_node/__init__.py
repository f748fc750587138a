"""The node: receives studies from modalities, lets models read them, and brings the results to the PACS."""

__version__ = "0.1.0"
