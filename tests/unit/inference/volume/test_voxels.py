import itertools
import resource
import time

import numpy as np
import pytest
from pydicom.encaps import encapsulate
from pydicom.uid import ExplicitVRLittleEndian, JPEGLSLossless

from inference.errors import InputUnreadable
from inference.volume import voxels as voxels_module
from inference.volume.slices import slices_of
from inference.volume.stored_instance import open_instance
from inference.volume.voxels import load_voxels
from tests.unit.inference.volume.compressed import SYNTAXES, picture, pixel_format_of
from tests.unit.inference.volume.stacks import ct_slice, enhanced_ct, numbered, write, write_stack


def _load(paths):
    return load_voxels(slices_of([open_instance(path) for path in paths]))


def _bits(stored, signed):
    return {
        "BitsAllocated": 8 if stored <= 8 else 16,
        "BitsStored": stored,
        "HighBit": stored - 1,
        "PixelRepresentation": int(signed),
    }


@pytest.mark.parametrize(("bits", "signed"), itertools.product(range(8, 17), [False, True]))
def test_every_depth_is_exact(tmp_path, bits, signed):
    low = -(2 ** (bits - 1)) if signed else 0
    values = np.stack([picture(bits), picture(bits)[:, ::-1]]).astype(int) + low
    paths = []
    for index, each in enumerate(values):
        instance = ct_slice(each, number=index, **_bits(bits, signed))
        content = (each & (2**bits - 1)).astype("<u1" if bits == 8 else "<u2").tobytes()
        instance.PixelData = content + b"\0" * (len(content) % 2)
        paths.append(write(instance, tmp_path / str(index)))
    voxels = _load(paths)
    assert voxels.dtype == np.float32
    assert np.array_equal(voxels, values - 1000)


@pytest.mark.parametrize(
    ("syntax", "bits"), [(syntax, bits) for syntax, (_, depths, _) in SYNTAXES.items() for bits in depths]
)
def test_every_transfer_syntax_single_and_multi_frame(tmp_path, syntax, bits):
    images = np.stack([picture(bits), picture(bits)[::-1], picture(bits)[:, ::-1]])
    encode, _, tolerance = SYNTAXES[syntax]
    codestreams = [encode(image.copy(), bits) for image in images]
    paths = []
    for index, codestream in enumerate(codestreams):
        instance = ct_slice(images[index], number=index, **_bits(bits, False))
        instance.PixelData = encapsulate([codestream])
        paths.append(write(instance, tmp_path / str(index), syntax))
    places = [(0, 0, z) for z in range(3)]
    enhanced = enhanced_ct(images, places, codestreams=codestreams, **_bits(bits, False))
    for voxels in (_load(paths), _load([write(enhanced, tmp_path / "enhanced", syntax)])):
        assert np.abs(voxels + 1000 - images).max() <= tolerance


def test_signed_values_in_an_unsigned_codestream(tmp_path):
    values = picture(12).astype(int) - 2048
    instance = ct_slice(values, **_bits(12, True))
    instance.PixelData = encapsulate([SYNTAXES[JPEGLSLossless][0]((values & 0xFFF).astype(np.uint16), 12)])
    assert np.array_equal(_load([write(instance, tmp_path / "one", JPEGLSLossless)])[0], values - 1000)


def test_monochrome1_is_turned_over_within_the_range_of_the_volume(tmp_path):
    values = numbered(3, 4, 5)
    voxels = _load(write_stack(tmp_path, values, PhotometricInterpretation="MONOCHROME1"))
    assert (voxels.min(), voxels.max()) == (-1000, -941)
    assert sorted(voxels[:, 0, 0]) == [-981, -961, -941]


@pytest.mark.parametrize("padding", [-2000, 63536])
@pytest.mark.parametrize("photometric", ["MONOCHROME1", "MONOCHROME2"])
def test_padding_gets_the_darkest_value_of_the_volume(tmp_path, padding, photometric):
    values = numbered(3, 4, 5) + np.int16(7)
    values[1, 2] = -2000
    instances = [
        ct_slice(each, number=n, PhotometricInterpretation=photometric) for n, each in enumerate(values)
    ]
    for instance in instances:
        instance.add_new("PixelPaddingValue", "US" if padding > 0 else "SS", padding)
    voxels = _load([write(instance, tmp_path / str(n)) for n, instance in enumerate(instances)])
    assert (voxels.min(), voxels.max()) == (-993, -934)
    assert np.array_equal(voxels[1, 2], [-993] * 5)


def test_nothing_but_padding_is_blank(tmp_path):
    paths = write_stack(tmp_path, numbered(2, 4, 5) * 0, PixelPaddingValue=0)
    assert np.ptp(_load(paths)) == 0


@pytest.mark.parametrize("broken", range(4))
def test_one_broken_slice_fails_the_series_and_is_named(tmp_path, broken):
    paths = []
    for index in range(4):
        codestream = SYNTAXES[JPEGLSLossless][0](picture(12), 12)
        if index == broken:
            codestream = codestream[:200] + b"\xff\xd9"
        instance = ct_slice(picture(12), number=index, **_bits(12, False))
        instance.PixelData = encapsulate([codestream])
        paths.append(write(instance, tmp_path / str(index), JPEGLSLossless))
    with pytest.raises(
        InputUnreadable, match=rf"instance 2\.25\.9{broken}: the pixel data cannot be decoded"
    ):
        _load(paths)


def test_a_lying_header_is_named_before_any_room_is_made(tmp_path):
    paths = write_stack(tmp_path, numbered(3, 4, 5), Rows=10_000, Columns=10_000)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    with pytest.raises(InputUnreadable, match=r"instance 2\.25\.9\d: .* 10000 x 10000"):
        _load(paths)
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 64 * 1024


def test_more_voxels_than_can_be_are_refused(tmp_path, monkeypatch):
    paths = write_stack(tmp_path, numbered(3, 4, 5))
    monkeypatch.setattr(voxels_module, "LARGEST_VOXELS", 60)
    assert _load(paths).shape == (3, 4, 5)
    monkeypatch.setattr(voxels_module, "LARGEST_VOXELS", 59)
    with pytest.raises(InputUnreadable, match="3 x 4 x 5 voxels, more than 59"):
        _load(paths)


def test_the_format_is_that_of_each_slice(tmp_path):
    eight, twelve = picture(8), picture(12)
    paths = [
        write(ct_slice(twelve, number=1, **_bits(12, False)), tmp_path / "twelve"),
        write(ct_slice(eight, number=2, BitsStored=8, HighBit=7, PixelRepresentation=0), tmp_path / "eight"),
    ]
    assert np.array_equal(_load(paths) + 1000, [twelve, eight])
    assert pixel_format_of(eight, 8).frame_bytes == eight.size


@pytest.mark.parametrize(
    ("syntax", "threads"), [(JPEGLSLossless, 3), (ExplicitVRLittleEndian, 1)], ids=["compressed", "native"]
)
def test_decoders_get_every_core_and_copying_one(tmp_path, monkeypatch, syntax, threads):
    monkeypatch.setattr(voxels_module, "_cores", lambda: 3)
    instance = ct_slice(picture(12), **_bits(12, False))
    if syntax == JPEGLSLossless:
        instance.PixelData = encapsulate([SYNTAXES[JPEGLSLossless][0](picture(12), 12)])
    opened = open_instance(write(instance, tmp_path / "one", syntax))
    assert voxels_module._threads([opened]) == threads


def test_after_an_error_nothing_more_is_loaded():
    loaded = []

    def load(index):
        if index == 0:
            raise InputUnreadable("broken")
        loaded.append(index)
        time.sleep(0.01)
        return False

    with pytest.raises(InputUnreadable, match="broken"):
        voxels_module._beside_each_other(load, 500, threads=2)
    assert len(loaded) < 50


def test_a_file_that_goes_away_is_named(tmp_path):
    paths = write_stack(tmp_path, numbered(3, 4, 5))
    slices = slices_of([open_instance(path) for path in paths])
    paths[1].unlink()
    with pytest.raises(InputUnreadable, match=r"instance 2\.25\.9\d: its file cannot be read \(FileNotFound"):
        load_voxels(slices)
