"""CHANGELOG.md knows the version that the code has."""

import re
import tomllib

from dicom_node import __version__
from tests.architecture.documents import read


def test_one_version_everywhere() -> None:
    assert tomllib.loads(read("pyproject.toml"))["project"]["version"] == __version__


def test_the_changelog_has_a_section_for_this_version() -> None:
    sections = re.findall(r"^## \[([^\]]+)\]", read("CHANGELOG.md"), re.MULTILINE)
    assert sections[:2] == ["Unreleased", __version__]
