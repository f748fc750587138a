import pytest

from inference.encode.segment_description import describe


@pytest.fixture
def described(analysed):
    return [describe(analysed(), segment, 3) for segment in analysed().manifest.output.segment]


def test_it_is_coded(described):
    dark, grey = described
    kind = dark.SegmentedPropertyTypeCodeSequence[0]
    assert (dark.SegmentNumber, dark.SegmentLabel, kind.CodeMeaning) == (3, "Dark", "Lung")
    assert kind.SegmentedPropertyTypeModifierCodeSequence[0].CodeMeaning == "Left"
    assert "SegmentedPropertyTypeModifierCodeSequence" not in grey.SegmentedPropertyTypeCodeSequence[0]


def test_it_names_the_algorithm(described):
    algorithm = described[0].SegmentationAlgorithmIdentificationSequence[0]
    assert (algorithm.AlgorithmName, algorithm.AlgorithmVersion) == ("shades", "1.2.3")
    assert algorithm.AlgorithmParameters == f"sha256={'ab' * 32}"


def test_it_has_a_colour_and_a_tracking_uid(described, analysed):
    # White would be 65535, 32896, 32896 (PS3.3 C.10.7.1.1); this is (66, 165, 245) of sRGB.
    lightness, a, b = described[0].RecommendedDisplayCIELabValue
    assert (lightness * 100 / 65535, a * 255 / 65535 - 128, b * 255 / 65535 - 128) == pytest.approx(
        (65.7, -2.9, -48.6), abs=2.5
    )
    assert described[0].TrackingUID != described[1].TrackingUID
    assert (
        describe(analysed(), analysed().manifest.output.segment[0], 1).TrackingUID == described[0].TrackingUID
    )
