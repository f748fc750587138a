import pytest

from inference.encode.analysed import Segmentation
from inference.encode.rehearsal import rehearse
from inference.errors import PackageInvalid
from inference.package.declared import ExplicitCode
from tests.model_package import phantom
from tests.unit.inference.encode.given import (
    analysed_boxes,
    analysed_classes,
    label_phantom,
    volume_manifest,
)


def test_what_can_be_written_passes(manifest):
    rehearse(manifest, "ab" * 32, Segmentation(labels=phantom(121, 83)[1]))


def test_what_cannot_be_written_is_the_packages_fault(manifest):
    too_long = ExplicitCode.model_construct(value="1", scheme="99LOCAL", meaning="m" * 80)
    segment = manifest.output.segment[0].model_copy(update={"type": too_long})
    output = manifest.output.model_copy(update={"segment": [segment, manifest.output.segment[1]]})
    with pytest.raises(PackageInvalid, match="cannot be written"):
        rehearse(
            manifest.model_copy(update={"output": output}),
            "ab" * 32,
            Segmentation(labels=phantom(121, 83)[1]),
        )


def test_every_task_is_rehearsed():
    labels = label_phantom(5, 16, 24)
    rehearse(volume_manifest(2), "ab" * 32, Segmentation(labels=labels))
    for made in (analysed_classes(), analysed_boxes()):
        rehearse(made.manifest, "ab" * 32, made.found)


def test_what_a_manifest_does_not_fit_is_told():
    labels = label_phantom(5, 16, 24, segments=3)
    with pytest.raises(PackageInvalid, match="holds 3, but there are 2 segments"):
        rehearse(volume_manifest(2), "ab" * 32, Segmentation(labels=labels))
