from io import BytesIO

from pydicom.filereader import read_dataset

from inference.encode.evidence import evidence
from inference.encode.segmentation import encode_segmentations
from tests.unit.inference.encode.given import analysed_volume


def test_it_names_every_source_and_every_segmentation(volume):
    made = analysed_volume(volume)
    written = encode_segmentations(made)
    content = BytesIO(evidence(made, written))
    (study,) = read_dataset(content, False, True).CurrentRequestedProcedureEvidenceSequence
    assert study.StudyInstanceUID == "2.25.1"
    told = {
        series.SeriesInstanceUID: [item.ReferencedSOPInstanceUID for item in series.ReferencedSOPSequence]
        for series in study.ReferencedSeriesSequence
    }
    assert told == {
        "2.25.2": [source.SOPInstanceUID for source in volume.sources],
        written[0].result.series_instance_uid: [written[0].result.sop_instance_uid],
    }
