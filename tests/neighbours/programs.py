"""Where the neighbours' programs are, or which package brings them."""

import shutil
from pathlib import Path

import pytest

DEBIAN_PACKAGE = {
    "storescu": "dcmtk",
    "echoscu": "dcmtk",
    "Orthanc": "orthanc",
    "redis-server": "redis-server",
    "dciodvfy": "dicom3tools",
    "openssl": "openssl",
    "chromium": "chromium",
}


def program(name: str) -> str:
    """The path of a neighbour's program; the test is skipped, naming it, where it is not installed."""
    found = shutil.which(name) or shutil.which(name, path="/usr/sbin:/usr/local/sbin")
    if found is None:
        pytest.skip(f"{name} is not installed: apt-get install {DEBIAN_PACKAGE[name]}")
    return str(Path(found))
