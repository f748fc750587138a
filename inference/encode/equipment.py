"""What made a result, as General Equipment, Contributing Equipment and algorithm identification state it."""

from typing import Any

import highdicom as hd
from pydicom.sr.codedict import codes

from inference.encode.analysed import Analysed
from inference.encode.clock import Stamp
from inference.encode.code import code
from inference.encode.identity import MANUFACTURER, software_version

LONG_STRING = 64


def equipment(analysed: Analysed) -> dict[str, Any]:
    """General Equipment (PS3.3 C.7.5.1): the serial number is the package's digest, 64 hex digits."""
    model = analysed.manifest.model
    return {
        "manufacturer": MANUFACTURER,
        "manufacturer_model_name": model.name,
        "device_serial_number": analysed.digest[:LONG_STRING],
        "software_versions": [model.version, f"{MANUFACTURER} {software_version()}"],
    }


def contributing_equipment(analysed: Analysed, stamp: Stamp) -> hd.ContributingEquipment:
    """The model as Processing Equipment (CID 7005)."""
    return hd.ContributingEquipment(
        purpose_of_reference=codes.DCM.ProcessingEquipment,
        contribution_datetime=stamp.date_time,
        contribution_description=f"Analysed by {analysed.manifest.model.name}, no human involved",
        **equipment(analysed),
    )


def algorithm_identification(analysed: Analysed) -> hd.AlgorithmIdentificationSequence:
    """For a segment (PS3.3 10.16): name, version, family, source, and the digest as a parameter."""
    model, algorithm = analysed.manifest.model, analysed.manifest.algorithm
    return hd.AlgorithmIdentificationSequence(
        name=model.name,
        version=model.version,
        family=code(algorithm.family),
        source=algorithm.source[:LONG_STRING],
        parameters={"sha256": analysed.digest},
    )
