"""README.md: short, with what a first reader needs, and what must not be missing."""

import re
import tomllib

from click.testing import CliRunner

from dicom_node.cli import main
from dicom_node.settings import Settings, load_settings
from tests.architecture.documents import DOCUMENTS, ROOT, code_blocks, read

TEXT = read("README.md")


def test_it_is_short() -> None:
    assert len(TEXT.splitlines()) <= 120


def test_it_leads_to_every_document() -> None:
    others = {path.relative_to(ROOT).as_posix() for path in DOCUMENTS} - {"README.md"}
    assert others <= set(re.findall(r"\]\(([^)#]+)", TEXT))


def test_it_says_that_it_is_no_medical_device() -> None:
    assert "This is not a medical device" in TEXT


def test_its_destination_is_a_valid_one(tmp_path) -> None:  # type: ignore[no-untyped-def]
    (shown,) = code_blocks("README.md", "toml")
    (tmp_path / "settings.toml").write_text(shown)
    settings = load_settings(tmp_path / "settings.toml", {})
    assert list(settings.destinations) == list(tomllib.loads(shown)["destinations"])


def test_its_addresses_are_the_defaults() -> None:
    scp, dashboard = Settings().scp, Settings().dashboard
    assert f"as `{scp.ae_title}` on\n{scp.host}:{scp.port}" in TEXT
    assert f"<http://{dashboard.host}:{dashboard.port}>" in TEXT
    assert f"-aec {scp.ae_title} {scp.host} {scp.port}" in TEXT


def test_its_options_are_there() -> None:
    runner = CliRunner()
    assert "--json" in runner.invoke(main, ["studies", "--help"]).output
    assert "--once" in runner.invoke(main, ["demo", "--help"]).output


def test_every_attribution_of_the_shipped_cards_is_repeated() -> None:
    for card in (ROOT / "inference" / "models").glob("*/card.md"):
        for source, licence in re.findall(
            r"^\|[^|]+\|\s*([^|:]+):[^|]*\|\s*(CC [^|]+?)\s*\|", card.read_text("utf-8"), re.M
        ):
            line = next((line for line in TEXT.split("\n- ") if source.split(",")[0] in line), "")
            assert licence in line, f"{source} ({licence}) of {card}"
