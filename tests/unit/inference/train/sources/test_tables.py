from inference.train.sources.tables import (
    BoxColumns,
    DicomAndSeg,
    DicomAndTable,
    ImagesAndMasks,
    ImagesAndTable,
    LabelSegment,
    LabelVolumes,
    MaskFile,
)


def test_classes_and_segments_are_named_as_the_recipe_has_them():
    boxed = ImagesAndTable(kind="images_and_table", boxes=BoxColumns(), classes=("left", "right"))
    assert boxed.named == ("class 'left'", "class 'right'")
    classed = DicomAndTable(kind="dicom_and_table", each="instance", label="view", classes=("ap",))
    assert classed.named == ("class 'ap'",)
    assert DicomAndSeg(kind="dicom_and_seg", segments=("Liver",)).named == ("segment 'Liver'",)


def test_segments_without_a_name_are_named_by_what_marks_them():
    masks = ImagesAndMasks(kind="images_and_masks", segment=(MaskFile(), MaskFile(mask="organs", value=7)))
    assert masks.named == (
        "[[data.segment]] 1 (mask = 'mask', above = 127)",
        "[[data.segment]] 2 (mask = 'organs', value = 7)",
    )
    volumes = LabelVolumes(
        kind="label_volumes", segment=(LabelSegment(labels=(2, 41)), LabelSegment(labels=(17,)))
    )
    assert volumes.named == ("[[data.segment]] 1 (labels = [2, 41])", "[[data.segment]] 2 (labels = [17])")
