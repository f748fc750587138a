"""Who gets which result: each destination has its way of storing segmentations and the kinds it takes."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from dicom_node.settings import DestinationSettings
from inference.pipeline import EncodedResult, Encoding


@dataclass(frozen=True, kw_only=True)
class Recipient:
    """A destination as the worker needs to know it; it takes all ``kinds`` where none is named."""

    name: str
    encoding: Encoding
    kinds: tuple[str, ...] = ()

    def takes(self, made: EncodedResult) -> bool:
        """Whether the instance was written in its way, and is of a kind it takes."""
        return self.encoding in made.encodings and (not self.kinds or made.kind in self.kinds)


def recipients_of(destinations: Mapping[str, DestinationSettings]) -> tuple[Recipient, ...]:
    """The destinations of the settings."""
    return tuple(
        Recipient(name=name, encoding=_encoding(settings), kinds=settings.kinds)
        for name, settings in destinations.items()
    )


def encodings_of(recipients: Sequence[Recipient]) -> tuple[Encoding, ...]:
    """Each way that somebody asks for, once; the default where results go nowhere but into the spool."""
    return tuple(dict.fromkeys(each.encoding for each in recipients)) or (Encoding(),)


def _encoding(settings: DestinationSettings) -> Encoding:
    return Encoding(
        form=settings.segmentation,
        compression=settings.compression,
        most_frames=settings.frames_at_most,
    )
