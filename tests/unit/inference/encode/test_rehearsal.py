import pytest

from inference.encode.rehearsal import rehearse
from inference.errors import PackageInvalid
from inference.package.declared import ExplicitCode
from tests.model_package import phantom


def test_what_can_be_written_passes(manifest):
    rehearse(manifest, "ab" * 32, phantom(121, 83)[1])


def test_what_cannot_be_written_is_the_packages_fault(manifest):
    too_long = ExplicitCode.model_construct(value="1", scheme="99LOCAL", meaning="m" * 80)
    segment = manifest.output.segment[0].model_copy(update={"type": too_long})
    output = manifest.output.model_copy(update={"segment": [segment, manifest.output.segment[1]]})
    with pytest.raises(PackageInvalid, match="cannot be written"):
        rehearse(manifest.model_copy(update={"output": output}), "ab" * 32, phantom(121, 83)[1])
