import json
import os
import shutil

import pytest
from pydantic import TypeAdapter

from inference.errors import PackageInvalid, TrainingRefused
from inference.train.fingerprint import fingerprint
from inference.train.recipe.network import Classifier, Start, Unet
from inference.train.sources.tables import DataTable
from tests.projection_image import projection_image, write

UNET = Unet(kind="unet")
BOXES = {"masks": {"mask": "mask", "folder": "masks"}}
TABLES = {
    "images_and_masks": {"segment": [{"mask": "mask"}]},
    "images_and_table": {"boxes": BOXES, "classes": ["a"]},
    "dicom_and_seg": {"segments": ["a"]},
    "dicom_and_table": {"each": "instance", "table": "labels.json", "boxes": BOXES, "classes": ["a"]},
    "label_volumes": {"pattern": "*.nii", "segment": [{"labels": [1]}]},
}
READ = {
    "images_and_masks": ["labels.json", "images/1.png", "masks/1.png"],
    "images_and_table": ["labels.json", "images/1.png", "masks/1.png"],
    "dicom_and_seg": ["scans/1.dcm"],
    "dicom_and_table": ["labels.json", "scans/1.dcm", "masks/1.png"],
    "label_volumes": ["volumes/1.nii"],
}
"""Of each kind the files that it reads of the folder below; the others are not its own."""


@pytest.fixture
def folder(tmp_path):
    folder = tmp_path / "data"
    for name in ("images/1.png", "masks/1.png", "volumes/1.nii", "scans/notes.txt", "packages/x.npz"):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(b"1")
    write(projection_image(), folder / "scans" / "1.dcm")
    # The second image is not there, as of a row without a label it need not be.
    rows = [{"image": "1.png", "mask": "1.png"}, {"image": "2.png"}]
    (folder / "labels.json").write_text(json.dumps(rows))
    return folder


def files(folder):
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file())


def of(kind, folder, network=UNET):
    table = TypeAdapter(DataTable).validate_python({"kind": kind, **TABLES[kind]})
    return fingerprint(table, folder, network, folder.parent)


@pytest.mark.parametrize("kind", TABLES)
def test_each_file_of_the_data_counts_and_no_other(folder, kind):
    before, counted = of(kind, folder), []
    for name in files(folder):
        state = (folder / name).stat()
        os.utime(folder / name, ns=(state.st_atime_ns, state.st_mtime_ns + 1))
        if of(kind, folder) != before:
            counted.append(name)
        os.utime(folder / name, ns=(state.st_atime_ns, state.st_mtime_ns))
    assert counted == sorted(READ[kind])
    assert of(kind, folder) == before


def test_another_size_counts_and_so_does_a_file_that_is_new(folder):
    before, path = of("label_volumes", folder), folder / "volumes" / "1.nii"
    state = path.stat()
    path.write_bytes(b"22")
    os.utime(path, ns=(state.st_atime_ns, state.st_mtime_ns))
    longer = of("label_volumes", folder)
    (folder / "volumes" / "2.nii").write_bytes(b"3")
    assert len({before, longer, of("label_volumes", folder)}) == 3


def test_the_folder_may_be_moved(folder, tmp_path):
    before = of("images_and_masks", folder)
    assert of("images_and_masks", shutil.copytree(folder, tmp_path / "copy")) == before


def test_the_weights_that_are_begun_from_count_by_their_content(folder):
    path = folder.parent / "first.weights.h5"
    kinds = (
        Unet(kind="unet", start=Start(weights=path.name)),
        Classifier(kind="classifier", backbone="VGG16", backbone_weights=path.name),
    )
    for network in kinds:
        seen = []
        for content in (b"one", b"two", b"one"):
            path.write_bytes(content)
            seen.append(of("label_volumes", folder, network))
        assert seen[0] == seen[2] != seen[1]


def test_the_package_that_is_begun_from_counts_by_its_sums(folder):
    network = Unet(kind="unet", start=Start(package="old-1.0.0"))
    sums = folder.parent / "old-1.0.0" / "SHA256SUMS"
    sums.parent.mkdir()
    with pytest.raises(PackageInvalid, match="SHA256SUMS"):
        of("label_volumes", folder, network)
    sums.write_text("one")
    before = of("label_volumes", folder, network)
    sums.write_text("two")
    assert of("label_volumes", folder, network) != before


def test_weights_that_are_not_there_are_told(folder):
    network = Classifier(kind="classifier", backbone="VGG16", backbone_weights="none.h5")
    with pytest.raises(TrainingRefused, match=r"cannot be read, .*none.h5 \(No such file.*\); give a file"):
        of("label_volumes", folder, network)
