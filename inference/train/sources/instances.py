"""The DICOM instances below a folder, by series: what the images are, and what the Segmentations."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from pydicom.dataset import Dataset
from pydicom.misc import is_dicom

from inference.errors import GeometryRefused, InputUnreadable, TrainingRefused
from inference.preprocess.field import Field
from inference.train.case import Case, Labelled
from inference.train.sources.tables import FromDicom
from inference.volume.attributes import whole_number, word
from inference.volume.instance import read_instance
from inference.volume.pixels import read_pixels
from inference.volume.series import read_volume

SEGMENTATIONS = ("1.2.840.10008.5.1.4.1.1.66.4", "1.2.840.10008.5.1.4.1.1.66.7")
"""Segmentation Storage and Label Map Segmentation Storage (PS3.4 B.5)."""


@dataclass(frozen=True, kw_only=True)
class Instance:
    """One instance on disk; ``header`` is without Pixel Data."""

    path: Path
    header: Dataset

    @property
    def sop_instance_uid(self) -> str:
        """Its own UID."""
        return word(self.header, "SOPInstanceUID")

    @property
    def series_instance_uid(self) -> str:
        """That of its series."""
        return word(self.header, "SeriesInstanceUID")


@dataclass(frozen=True, kw_only=True)
class Source:
    """What one input of the network is read from: an instance, or all of a series. ``uid`` is its own."""

    uid: str
    instances: tuple[Instance, ...]

    @property
    def header(self) -> Dataset:
        """That of the first instance."""
        return self.instances[0].header


def find_instances(folder: Path) -> tuple[Instance, ...]:
    """Every PS3.10 file below ``folder``; other files are passed over.

    Raises TrainingRefused for one that is damaged. Files are not named in full: a path may hold a patient's name.
    """
    found: dict[str, Instance] = {}
    for path in sorted(path for path in folder.rglob("*") if path.is_file() and is_dicom(path)):
        try:
            instance = Instance(path=path, header=read_instance(path, without_pixels=True))
        except InputUnreadable as error:
            raise TrainingRefused(
                f"a DICOM file below {folder} is unreadable: {error}; take it out"
            ) from None
        found.setdefault(instance.sop_instance_uid, instance)
    return tuple(found.values())


def sources_in(instances: Sequence[Instance], each: str) -> tuple[Source, ...]:
    """The images among ``instances``, by ``each``: instance or series."""
    images: dict[str, list[Instance]] = {}
    for instance in instances:
        if is_image(instance):
            uid = instance.sop_instance_uid if each == "instance" else instance.series_instance_uid
            images.setdefault(uid, []).append(instance)
    return tuple(Source(uid=uid, instances=tuple(images[uid])) for uid in sorted(images))


def is_image(instance: Instance) -> bool:
    """Whether it has pixels of its own to learn from."""
    return whole_number(instance.header, "Rows") is not None and not is_segmentation(instance)


def is_segmentation(instance: Instance) -> bool:
    """By its SOP Class (PS3.3 A.51)."""
    return word(instance.header, "SOPClassUID") in SEGMENTATIONS


def case_of(source: Source, table: FromDicom, read: Callable[[], Labelled]) -> Case:
    """Raises TrainingRefused where the patient is not told."""
    return Case(
        name=f"{table.each} {source.uid}",
        patient=_patient(source, table),
        facts={fact: FACTS[fact](source.header) for fact in table.facts},
        read=read,
    )


def read_field(source: Source, table: FromDicom) -> Field:
    """As serving reads it. Raises TrainingRefused with the reason."""
    try:
        if table.each == "instance":
            return Field(values=read_pixels(read_instance(source.instances[0].path)), affine=None)
        volume = read_volume([instance.path for instance in source.instances])
        return Field(values=volume.voxels, affine=volume.affine)
    except (InputUnreadable, GeometryRefused) as error:
        raise TrainingRefused(f"{table.each} {source.uid}: {error}; leave it out") from None


def _patient(source: Source, table: FromDicom) -> str:
    patient = word(source.header, table.patient)
    if not patient:
        raise TrainingRefused(
            f"{table.each} {source.uid} has no {table.patient}; if no patient has two studies, say patient = "
            '"StudyInstanceUID" in [data]'
        )
    issuer = word(source.header, "IssuerOfPatientID") if table.patient == "PatientID" else ""
    return f"{issuer}\\{patient}" if issuer else patient


def _device(header: Dataset) -> str:
    return " ".join(filter(None, (word(header, "Manufacturer"), word(header, "ManufacturerModelName"))))


def _age_group(header: Dataset) -> str:
    """By decades, such as 40-49; younger than a year counts to the first. Empty where it is not told."""
    age = word(header, "PatientAge")
    if len(age) != 4 or not age[:3].isdigit() or age[3] not in "DWMY":
        return ""
    decade = (int(age[:3]) if age[3] == "Y" else int(age[:3]) // 12 if age[3] == "M" else 0) // 10 * 10
    return f"{decade}-{decade + 9}"


FACTS: dict[str, Callable[[Dataset], str]] = {
    "device": _device,
    "sex": lambda header: word(header, "PatientSex"),
    "age": _age_group,
    "projection": lambda header: word(header, "ViewPosition"),
}
