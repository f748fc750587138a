"""How segmentations are stored: what most viewers read by default, what a destination asks for otherwise."""

from dataclasses import dataclass
from typing import Literal

from pydicom.uid import DeflatedExplicitVRLittleEndian, ExplicitVRLittleEndian, JPEGLSLossless, RLELossless

Form = Literal["BINARY", "LABELMAP"]
Compression = Literal["native", "deflated", "RLE", "JPEG-LS"]

TRANSFER_SYNTAXES: dict[Compression, str] = {
    "native": ExplicitVRLittleEndian,
    "deflated": DeflatedExplicitVRLittleEndian,
    "RLE": RLELossless,
    "JPEG-LS": JPEGLSLossless,
}


@dataclass(frozen=True, kw_only=True)
class Encoding:
    """``form``: Segmentation Type (PS3.3 C.8.20.2.3 and C.8.20.5). ``compression``: BINARY knows no RLE and JPEG-LS.

    ``most_frames``: of one SEG instance, since a viewer in wide use refuses those with more than 400. Segments are
    spread over several instances then; a segment that alone has more stays whole, in an instance of its own.
    Raises ValueError for what cannot be.
    """

    form: Form = "BINARY"
    compression: Compression = "native"
    most_frames: int | None = None

    def __post_init__(self) -> None:
        """Refuse what cannot be written."""
        if self.form == "BINARY" and self.compression not in ("native", "deflated"):
            raise ValueError(
                f"a BINARY segmentation cannot be {self.compression}; write LABELMAP, or native or deflated"
            )
        if self.most_frames is not None and self.most_frames < 1:
            raise ValueError(f"most_frames is {self.most_frames}; a segmentation has at least 1 frame")

    @property
    def transfer_syntax_uid(self) -> str:
        """As the file states it."""
        return TRANSFER_SYNTAXES[self.compression]

    @property
    def name(self) -> str:
        """Part of what UIDs are derived from: empty for the default, so that there is one way to be it."""
        words = (self.form if self.form != "BINARY" else "", self.compression.replace("native", ""))
        return " ".join(word for word in words if word)


DEFAULT = Encoding()
