"""The Image Library of a report (TID 1600, 1601): the key images alone, and what they share said once.

With every image of a CT the library costs seconds and a megabyte, and says nothing that the images do not.
"""

from collections.abc import Iterable

import highdicom as hd
from highdicom import sr
from pydicom.dataset import Dataset
from pydicom.sr.codedict import codes

from inference.encode.analysed import Analysed
from inference.encode.key_image import source_of
from inference.encode.place import Place, place_of
from inference.volume.volume import Volume

_CROSS_SECTIONAL = ("CT", "MR", "PT")
_POSITION = (
    codes.DCM.ImagePositionPatientX,
    codes.DCM.ImagePositionPatientY,
    codes.DCM.ImagePositionPatientZ,
)


def image_library(analysed: Analysed, indices: Iterable[int]) -> sr.ContainerContentItem | None:
    """The library of these slices; None for an image, and for the frames of a multi-frame instance.

    highdicom cannot describe a radiograph without Imager Pixel Spacing, and one image needs no library; nor does it
    know the place of a frame.
    """
    volume, chosen = analysed.source, sorted(set(indices))
    modality = str(analysed.header.get("Modality"))
    if not isinstance(volume, Volume) or len(volume.sources) == 1 or modality not in _CROSS_SECTIONAL:
        return None
    place = place_of(volume)
    first = _described(volume, place, chosen[0], modality)
    shared = [item for item in sr.ImageLibraryEntryDescriptors(first) if item.name not in _POSITION]
    entries = [_entry(volume, place, index) for index in chosen]
    group = _container(codes.DCM.ImageLibraryGroup, [*shared, *entries])
    return _container(codes.DCM.ImageLibrary, [group])


def _described(volume: Volume, place: Place, index: int, modality: str) -> Dataset:
    source, image = source_of(volume, index), Dataset()
    image.SOPClassUID, image.SOPInstanceUID = source.SOPClassUID, source.SOPInstanceUID
    image.Modality, image.FrameOfReferenceUID = modality, volume.frame_of_reference_uid
    _, image.Rows, image.Columns = volume.voxels.shape
    image.PixelSpacing, image.SliceThickness = list(place.pixel_spacing), place.slice_thickness_mm
    image.ImageOrientationPatient = list(place.orientation)
    image.ImagePositionPatient = list(place.positions[index])
    return image


def _entry(volume: Volume, place: Place, index: int) -> sr.ImageContentItem:
    source = source_of(volume, index)
    entry = sr.ImageContentItem(
        name=sr.CodedConcept("260753009", "SCT", "Source"),
        referenced_sop_class_uid=str(source.SOPClassUID),
        referenced_sop_instance_uid=str(source.SOPInstanceUID),
        relationship_type=sr.RelationshipTypeValues.CONTAINS,
    )
    entry.ContentSequence = hd.sr.ContentSequence(
        [
            sr.NumContentItem(
                name=name,
                value=value,
                unit=codes.UCUM.Millimeter,
                relationship_type=sr.RelationshipTypeValues.HAS_ACQ_CONTEXT,
            )
            for name, value in zip(_POSITION, place.positions[index], strict=True)
        ]
    )
    return entry


def _container(name: object, items: Iterable[object]) -> sr.ContainerContentItem:
    container = sr.ContainerContentItem(name=name, relationship_type=sr.RelationshipTypeValues.CONTAINS)
    container.ContentSequence = hd.sr.ContentSequence(items)
    return container
