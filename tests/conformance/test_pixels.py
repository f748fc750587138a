"""What we decode, beside what DCMTK decodes: real samples and series compressed by its own tools."""

import shutil
import subprocess
from pathlib import Path

import numpy as np
import pytest
from pydicom import dcmread
from pydicom.data import get_testdata_file
from pydicom.uid import JPEGBaseline8Bit, JPEGExtended12Bit, JPEGLossless, JPEGLosslessSV1, RLELossless

from inference.volume.instance import read_instance
from inference.volume.pixels import read_pixels
from inference.volume.series import read_volume

PROGRAMS = {
    "lossless SV1": ("dcmcjpeg", "+e1", JPEGLosslessSV1),
    **{f"lossless {n}": ("dcmcjpeg", f"+el +sv {n}", JPEGLossless) for n in range(1, 8)},
    "extended": ("dcmcjpeg", "+ee +q 99", JPEGExtended12Bit),
    "baseline": ("dcmcjpeg", "+eb +q 99", JPEGBaseline8Bit),
    "RLE": ("dcmcrle", "", RLELossless),
}
# Lossy syntaxes are judged against DCMTK's own decoder, and may differ from it by rounding alone.
LOSSY = {JPEGExtended12Bit: 2, JPEGBaseline8Bit: 2}

SAMPLES = [
    "JPEG-LL.dcm",
    "JPGLosslessP14SV1_1s_1f_8b.dcm",
    "MR_small_RLE.dcm",
    "MR_small_jpeg_ls_lossless.dcm",
]


@pytest.mark.parametrize("name", PROGRAMS)
def test_a_volume_compressed_by_dcmtk_is_the_volume(tmp_path, name):
    tool, options, syntax = PROGRAMS[name]
    plain = _series(tmp_path / "plain", bits=8 if syntax == JPEGBaseline8Bit else 12)
    packed = [_run(tool, *options.split(), source=path, into=tmp_path / "packed") for path in plain]
    assert {dcmread(path).file_meta.TransferSyntaxUID for path in packed} == {syntax}
    truth = read_volume(
        [_run("dcmdjpeg", source=path, into=tmp_path / "unpacked") for path in packed]
        if syntax in LOSSY
        else plain
    )
    found = read_volume(packed)
    assert np.ptp(found.voxels) > 100
    assert np.array_equal(found.affine, truth.affine)
    assert np.abs(found.voxels - truth.voxels).max() <= LOSSY.get(syntax, 0)


@pytest.mark.parametrize("name", SAMPLES)
def test_a_real_sample_is_decoded_as_dcmtk_does(tmp_path, name):
    path = get_testdata_file(name, download=False)
    if path is None:
        pytest.skip("pydicom-data is not installed: pip install pydicom-data")
    tools = {"RLE": "dcmdrle", "jpeg_ls": "dcmdjpls"}
    tool = next((tools[part] for part in tools if part in name), "dcmdjpeg")
    unpacked = _run(tool, source=Path(str(path)), into=tmp_path)
    pixels = read_pixels(read_instance(Path(str(path))))
    assert np.array_equal(pixels, read_pixels(read_instance(unpacked)))
    assert np.ptp(pixels) > 0


def _series(folder: Path, bits: int) -> list[Path]:
    """Three slices of a real CT, its air cut off, of as many bits."""
    source = dcmread(str(get_testdata_file("CT_small.dcm")))
    shift = source.pixel_array.max().item().bit_length() - bits
    values = np.maximum(source.pixel_array, 0) >> max(shift, 0)
    folder.mkdir()
    source.BitsAllocated, source.BitsStored, source.HighBit = (8 if bits == 8 else 16), bits, bits - 1
    source.PixelRepresentation = 0
    del source.PixelPaddingValue
    paths = []
    for number in range(3):
        source.SOPInstanceUID = source.file_meta.MediaStorageSOPInstanceUID = f"2.25.{number + 1}"
        source.ImagePositionPatient = [0, 0, 5 * number]
        source.PixelData = np.roll(values, 7 * number, axis=0).astype("<u1" if bits == 8 else "<u2").tobytes()
        paths.append(folder / f"{number}.dcm")
        source.save_as(paths[-1])
    return paths


def _run(tool: str, *options: str, source: Path, into: Path) -> Path:
    found = shutil.which(tool)
    if found is None:
        pytest.skip(f"{tool} is not installed: apt-get install dcmtk")
    into.mkdir(exist_ok=True)
    # DCMTK gives a lossy copy a UID of its own unless it is told not to.
    keep = ["+un"] if tool == "dcmcjpeg" else []
    target = into / source.name
    done = subprocess.run(
        [found, *options, *keep, str(source), str(target)], capture_output=True, timeout=60, check=False
    )
    assert done.returncode == 0, done.stderr.decode("utf-8", "replace")
    return target
