from pathlib import Path

import pytest

from dicom_node.demo.pacs.__main__ import main


@pytest.mark.parametrize(
    "peer", ["NODE", "NODE@localhost", "@localhost:104", "NODE@:104", "NODE@localhost:x"]
)
def test_a_peer_without_title_host_or_port_is_refused_in_words(
    peer: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit, match="2"):
        main(["--folder", str(tmp_path / "pacs"), "--commitment-peer", peer])
    assert "is not AE@HOST:PORT" in capsys.readouterr().err
    assert not (tmp_path / "pacs").exists()
