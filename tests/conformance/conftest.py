import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path

import pytest
from pydicom.data import get_testdata_file

from inference.pipeline import LoadedModel, Outcome, analyse, load_model
from tests.model_package import build_package
from tests.projection_image import projection_image, write

NOW = datetime(2026, 3, 4, 5, 6, 7, tzinfo=UTC)

PACKAGES = {
    "dciodvfy": "apt-get install dicom3tools",
    "dsrdump": "apt-get install dcmtk",
    "segimage2itkimage": "pip install dcmqi",
    "tid1500reader": "pip install dcmqi",
    "paramap2itkimage": "pip install dcmqi",
    "dcmpschk": "apt-get install dcmtk",
}

JUDGED = (
    "Segmentation",
    "ComprehensiveSR",
    "Comprehensive3DSR",
    "SCImage",
    "GrayscaleSoftcopyPresentationState",
    "ParametricMap",
)
"""What dciodvfy calls what it recognised."""


@pytest.fixture(scope="session")
def model(tmp_path_factory: pytest.TempPathFactory) -> LoadedModel:
    return load_model(build_package(tmp_path_factory.mktemp("packages") / "shades-1.2.3"))


@pytest.fixture
def run(model: LoadedModel, tmp_path: Path) -> Callable[..., Outcome]:
    """Analyse a phantom made with these attributes, or the instance in this file."""

    def run(path: Path | None = None, **attributes: object) -> Outcome:
        source = path or write(projection_image(**attributes), tmp_path / "source.dcm")
        return analyse(model, [source], now=NOW)

    return run


@pytest.fixture
def judge() -> Callable[..., str]:
    """Run a program of others on our files; what it said. Skips where the program is absent."""

    def judge(program: str, *arguments: str | Path) -> str:
        # Programs that come as wheels lie beside this Python, whether or not its environment is activated.
        found = shutil.which(program) or shutil.which(program, path=Path(sys.executable).parent)
        if found is None:
            pytest.skip(f"{program} is not installed: {PACKAGES[program]}")
        done = subprocess.run([found, *map(str, arguments)], capture_output=True, timeout=60, check=False)
        said = (done.stdout + done.stderr).decode("utf-8", "replace")
        # dciodvfy tells by its words, not by its exit status, what it thinks of an instance.
        assert done.returncode == 0 or program == "dciodvfy", (
            f"{program} ended with {done.returncode}: {said}"
        )
        return said

    return judge


@pytest.fixture
def errors_of(judge: Callable[..., str], tmp_path: Path) -> Callable[[bytes], Sequence[str]]:
    """The errors dciodvfy finds in an instance."""

    def errors_of(content: bytes) -> Sequence[str]:
        path = tmp_path / "judged.dcm"
        path.write_bytes(content)
        said = judge("dciodvfy", path)
        assert re.search(f"^({'|'.join(JUDGED)})$", said, re.MULTILINE), f"not judged at all: {said}"
        return [line for line in said.splitlines() if line.startswith("Error")]

    return errors_of


@pytest.fixture(params=["RG1_UNCR", "RG1_J2KR", "RG1_J2KI", "RG3_UNCR", "RG3_J2KR"])
def radiograph(request: pytest.FixtureRequest) -> Path:
    """Real radiographs of pydicom-data: MONOCHROME1, JPEG 2000, a spacing of zero, no spacing at all."""
    path = get_testdata_file(f"{request.param}.dcm", download=False)
    if path is None:
        pytest.skip("pydicom-data is not installed: pip install pydicom-data")
    return Path(str(path))
