"""``[golden]``: whose image becomes the package's golden case."""

from typing import Literal, Self

from pydantic import model_validator

from inference.package.declared import Declared


class GoldenTable(Declared):
    """``[golden]``: the input of the golden case, which travels with the package.

    ``validation``: the first validation input, whose pixels then lie in the package. ``drawn_chest``: a chest drawn by
    code (``phantom``). ``file``: a DICOM file, a folder with one series or an .npz, as ``pack --input`` takes it,
    relative to the recipe.
    """

    source: Literal["validation", "drawn_chest", "file"] = "validation"
    file: str | None = None

    @model_validator(mode="after")
    def _names_its_file(self) -> Self:
        if (self.source == "file") != (self.file is not None):
            raise ValueError("source = 'file' and the key file belong together")
        return self
