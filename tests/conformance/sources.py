"""The kinds of source a result is written for, by what is odd about each."""

import numpy as np

from inference.encode.analysed import Analysed, Projection, Segmentation
from inference.volume.spacing import spacing_of
from tests.model_package import phantom
from tests.projection_image import projection_image
from tests.unit.inference.encode.given import analysed_image

SOURCES: dict[str, dict[str, object]] = {
    "odd size": {"rows": 641, "columns": 523},
    "odd size, lying": {"rows": 523, "columns": 641},
    "8 bits": {"bits_stored": 8},
    "10 bits, MONOCHROME1": {"bits_stored": 10, "photometric": "MONOCHROME1"},
    "16 bits, signed": {"bits_stored": 16, "signed": True},
    "DX": {"modality": "DX", "ImagerPixelSpacing": [0.143, 0.143]},
    "DX with a frame of reference": {"modality": "DX", "FrameOfReferenceUID": "2.25.9"},
    "secondary capture": {"modality": "OT"},
    "spacing": {"PixelSpacing": [0.2, 0.1]},
    "spacing calibrated": {"PixelSpacing": [0.2, 0.1], "ImagerPixelSpacing": [0.21, 0.11]},
    "spacing of zero": {"PixelSpacing": [0, 0]},
    "spacing of zero, another at the detector": {"PixelSpacing": [0, 0], "ImagerPixelSpacing": [0.1, 0.1]},
    "spacing empty": {"PixelSpacing": "", "ImagerPixelSpacing": ""},
    "no patient orientation": {"PatientOrientation": None},
    "no patient at all": {"PatientName": "", "PatientID": "", "PatientBirthDate": "", "PatientSex": ""},
    "attributes absent": {
        "AccessionNumber": None,
        "StudyID": None,
        "SeriesNumber": None,
        "Manufacturer": None,
    },
    "compressed with loss": {"LossyImageCompression": "01", "LossyImageCompressionRatio": 12},
    "another time zone": {"TimezoneOffsetFromUTC": "-0400"},
    "Japanese": {"SpecificCharacterSet": ["", "ISO 2022 IR 87"], "PatientName": "Yamada^Tarou=山田^太郎"},
    "Latin-1": {"SpecificCharacterSet": "ISO_IR 100", "PatientName": "Müller^Jörg"},
    "Korean": {
        "SpecificCharacterSet": ["", "ISO 2022 IR 149"],
        "PatientName": "Hong^Gildong=洪^吉洞=홍^길동",
    },
    "Chinese": {"SpecificCharacterSet": "GB18030", "PatientName": "Wang^XiaoDong=王^小东"},
    "UTF-8": {"SpecificCharacterSet": "ISO_IR 192", "PatientName": "Wang^XiaoDong=王^小东"},
}


def analysed_kind(kind: str) -> Analysed:
    """The phantom of this kind, with the masks it is made of; no gate has a say in it."""
    header = projection_image(**SOURCES[kind])
    pixels, labels = phantom(header.Rows, header.Columns)
    source = Projection(header=header, pixels=pixels.astype(np.float32), spacing=spacing_of(header))
    return analysed_image(source=source, found=Segmentation(labels=labels), measured=())
