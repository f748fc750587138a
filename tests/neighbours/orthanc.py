"""Orthanc as the PACS."""

import json
import subprocess
import time
import urllib.request
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from pydicom import Dataset, dcmread

from tests.neighbours.ports import free_port, wait_for_port
from tests.neighbours.programs import program

PLUGINS = ("/usr/share/orthanc/plugins", "/usr/local/share/orthanc/plugins")


class Orthanc:
    """A stock Orthanc in ``folder``; ``url`` is its destination URL, ``dicom_web_url`` where it speaks DICOMweb."""

    def __init__(self, folder: Path, *, dicom_web: bool = False) -> None:
        self.port = free_port()
        self._http = free_port()
        self.dicom_web_url = f"http://127.0.0.1:{self._http}/dicom-web"
        self.url = f"dicom://ORTHANC@127.0.0.1:{self.port}"
        configuration = {
            "Name": "tests",
            "StorageDirectory": str(folder / "storage"),
            "IndexDirectory": str(folder / "storage"),
            "DicomAet": "ORTHANC",
            "DicomPort": self.port,
            "HttpPort": self._http,
            "RemoteAccessAllowed": False,
            "AuthenticationEnabled": False,
            "DicomAlwaysAllowEcho": True,
            "DicomAlwaysAllowStore": True,
            "Plugins": [str(_dicom_web_plugin())] if dicom_web else [],
        }
        file = folder / "orthanc.json"
        file.write_text(json.dumps(configuration))
        self._log = (folder / "orthanc.log").open("wb")
        self._process = subprocess.Popen([program("Orthanc"), str(file)], stdout=self._log, stderr=self._log)
        wait_for_port(self._http)
        wait_for_port(self.port)

    def stop(self) -> None:
        """End it."""
        self._process.terminate()
        self._process.wait(30)
        self._log.close()

    def store(self, content: bytes) -> None:
        """Put an instance in, as a PS3.10 file."""
        with self._open("/instances", content) as answer:
            assert json.load(answer)["Status"] == "Success"

    def instances(self, study_instance_uid: str) -> list[Dataset]:
        """Every instance of the study, whole, as Orthanc gives it out."""
        found = self._post("/tools/lookup", study_instance_uid)
        data_sets = []
        for study in found:
            for instance in self._get(f"{study['Path']}/instances"):
                with self._open(f"/instances/{instance['ID']}/file") as answer:
                    data_sets.append(dcmread(BytesIO(answer.read())))
        return data_sets

    def wait_for(self, study_instance_uid: str, *, instances: int, seconds: float = 60.0) -> list[Dataset]:
        """The instances of the study, once there are so many."""
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            found = self.instances(study_instance_uid)
            if len(found) >= instances:
                return found
            time.sleep(0.2)
        raise TimeoutError(f"{instances} instances were not in Orthanc after {seconds:g} s")

    def _get(self, path: str) -> Any:
        with self._open(path) as answer:
            return json.load(answer)

    def _post(self, path: str, body: str) -> Any:
        with self._open(path, body.encode()) as answer:
            return json.load(answer)

    def _open(self, path: str, body: bytes | None = None) -> Any:
        return urllib.request.urlopen(f"http://127.0.0.1:{self._http}{path}", body, timeout=10)


def _dicom_web_plugin() -> Path:
    for folder in PLUGINS:
        found = Path(folder) / "libOrthancDicomWeb.so"
        if found.exists():
            return found
    pytest.skip("Orthanc's DICOMweb plugin is not installed: apt-get install orthanc-dicomweb")
