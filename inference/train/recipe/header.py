"""``[recipe]``: what it is called, and where its chance begins."""

from typing import Annotated

from pydantic import Field

from inference.package.declared import Declared


class Header(Declared):
    """``[recipe]``. ``seed`` decides the split, the start of the weights, and every draw of the training."""

    name: Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{1,39}$")]
    seed: Annotated[int, Field(ge=0)] = 0
