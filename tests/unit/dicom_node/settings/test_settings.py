import re
import tomllib
from itertools import pairwise

import pytest

from dicom_node.settings import Settings, load_settings
from tests.unit.dicom_node.settings.given import SHIPPED, mistakes_of, written


def _shipped_keys() -> set[tuple[str, str]]:
    tables = tomllib.loads(SHIPPED.read_text(encoding="utf-8"))
    return {(section, key) for section, table in tables.items() for key in table}


def test_the_shipped_file_names_every_key_there_is():
    sections = {name: field.annotation for name, field in Settings.model_fields.items()}
    del sections["destinations"]  # its names are free; the file shows one in a comment
    known = {(name, key) for name, section in sections.items() for key in section.model_fields}
    in_comments = {("scp", "modality"), ("scp", "tls")}  # sections that are not there by default
    assert _shipped_keys() == known - in_comments


@pytest.mark.parametrize(("section", "key"), sorted(_shipped_keys()))
def test_the_shipped_value_is_the_default(section, key):
    shipped = Settings.model_validate(tomllib.loads(SHIPPED.read_text(encoding="utf-8")))
    assert getattr(getattr(Settings(), section), key) == getattr(getattr(shipped, section), key)


def test_the_shipped_file_is_the_defaults_and_nothing_else():
    assert Settings.model_validate(tomllib.loads(SHIPPED.read_text(encoding="utf-8"))) == Settings()


def test_every_key_of_the_shipped_file_has_a_comment_above_it():
    lines = SHIPPED.read_text(encoding="utf-8").splitlines()
    bare = [line for above, line in pairwise(lines) if re.match(r"\w+ =", line) and above[:1] != "#"]
    assert bare == []


def test_the_destination_shown_in_the_shipped_file_is_a_valid_one(tmp_path):
    text = SHIPPED.read_text(encoding="utf-8")
    shown = "\n".join(line[2:] for line in text.splitlines() if re.match(r"# (\[destinations|url =)", line))
    settings = load_settings(written(tmp_path, shown), {})
    assert settings.destinations["pacs"].url == "dicom://PACS@10.0.0.5:104"


def test_the_door_shown_in_the_shipped_file_is_a_valid_one(tmp_path):
    lines = SHIPPED.read_text(encoding="utf-8").splitlines()
    shown = lines[lines.index("# [[scp.modality]]") : lines.index("[spool]")]
    text = "\n".join(line[2:] for line in shown if re.match(r"# (\[|\w+ =)", line))
    scp = load_settings(written(tmp_path, text), {}).scp
    assert [(each.ae_title, each.address) for each in scp.modality] == [("CT1", "10.0.0.7")]
    assert scp.tls is not None
    assert scp.tls.peers_ca == tmp_path / "tls/peers.pem"


@pytest.mark.parametrize("compression", ["RLE", "JPEG-LS"])
def test_a_binary_segmentation_is_not_compressed_so(tmp_path, compression):
    text = f'[destinations.pacs]\nurl = "dicom://PACS@10.0.0.5:104"\ncompression = "{compression}"\n'
    (mistake,) = mistakes_of(written(tmp_path, text))
    assert mistake.endswith('only segmentation = "LABELMAP" can be so; BINARY is native or deflated')
    settings = load_settings(written(tmp_path, text + 'segmentation = "LABELMAP"\n'), {})
    assert settings.destinations["pacs"].compression == compression
