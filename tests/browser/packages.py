"""What the models of the scenes say they find."""

from inference.package.manifest import Manifest
from tests.model_package import MANIFEST
from tests.unit.inference.encode.given import manifest_of, volume_manifest


def lungs_manifest() -> Manifest:
    """The phantom's two shapes taken for the lungs."""
    text = MANIFEST.replace('"Dark"', '"Left lung"').replace('"Grey"', '"Right lung"')
    return manifest_of(text.replace('type = "SCT.Heart"', 'type = "SCT.Lung"\nlaterality = "SCT.Right"'))


def lesion_manifest() -> Manifest:
    """One lesion, by a model of its own."""
    manifest = volume_manifest(1)
    lesion = manifest.output.segment[0].model_copy(
        update={
            "label": "Lesion",
            "category": "SCT.MorphologicallyAbnormalStructure",
            "type": "SCT.Nodule",
            "colour_rgb": (255, 40, 40),
        }
    )
    return manifest.model_copy(
        update={
            "model": manifest.model.model_copy(update={"name": "lesions"}),
            "output": manifest.output.model_copy(update={"segment": (lesion,)}),
        }
    )
