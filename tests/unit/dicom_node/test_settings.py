import json
import re
import tomllib
from itertools import pairwise
from pathlib import Path

import pytest
from pydantic import ValidationError

from dicom_node.errors import SettingsInvalid
from dicom_node.settings import SHIPPED_PACKAGES, Settings, load_settings

SHIPPED = Path(__file__).parents[3] / "settings.toml"


def _written(folder: Path, text: str) -> Path:
    path = folder / "settings.toml"
    path.write_text(text, encoding="utf-8")
    return path


def _mistakes(path: Path | None, environ: dict[str, str] | None = None) -> list[str]:
    with pytest.raises(SettingsInvalid) as caught:
        load_settings(path, environ or {})
    return str(caught.value).splitlines()[1:]


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


@pytest.mark.parametrize("text", ["", "[inference]\npackages = []\n"])
def test_no_packages_means_those_that_are_shipped_wherever_the_file_lies(tmp_path, text):
    (packages,) = load_settings(_written(tmp_path, text), {}).inference.packages
    assert packages.is_absolute()
    assert packages.resolve() == (SHIPPED.parent / "inference" / "models").resolve()
    assert list(packages.glob("*/model.toml"))


def test_every_key_of_the_shipped_file_has_a_comment_above_it():
    lines = SHIPPED.read_text(encoding="utf-8").splitlines()
    bare = [line for above, line in pairwise(lines) if re.match(r"\w+ =", line) and above[:1] != "#"]
    assert bare == []


def test_the_destination_shown_in_the_shipped_file_is_a_valid_one(tmp_path):
    text = SHIPPED.read_text(encoding="utf-8")
    shown = "\n".join(line[2:] for line in text.splitlines() if re.match(r"# (\[destinations|url =)", line))
    settings = load_settings(_written(tmp_path, shown), {})
    assert settings.destinations["pacs"].url == "dicom://PACS@10.0.0.5:104"


@pytest.mark.parametrize("compression", ["RLE", "JPEG-LS"])
def test_a_binary_segmentation_is_not_compressed_so(tmp_path, compression):
    text = f'[destinations.pacs]\nurl = "dicom://PACS@10.0.0.5:104"\ncompression = "{compression}"\n'
    (mistake,) = _mistakes(_written(tmp_path, text))
    assert mistake.endswith('only segmentation = "LABELMAP" can be so; BINARY is native or deflated')
    settings = load_settings(_written(tmp_path, text + 'segmentation = "LABELMAP"\n'), {})
    assert settings.destinations["pacs"].compression == compression


@pytest.mark.parametrize("description", ["", "{patient}", "{model!r}", "{kind", "a\\\\b", "ä", "x" * 65])
def test_a_series_description_that_cannot_be_filled_in_is_a_mistake(tmp_path, description):
    (mistake,) = _mistakes(_written(tmp_path, f'[results]\nseries_description = "{description}"\n'))
    assert "[results] series_description" in mistake


def test_the_door_shown_in_the_shipped_file_is_a_valid_one(tmp_path):
    lines = SHIPPED.read_text(encoding="utf-8").splitlines()
    shown = lines[lines.index("# [[scp.modality]]") : lines.index("[spool]")]
    text = "\n".join(line[2:] for line in shown if re.match(r"# (\[|\w+ =)", line))
    scp = load_settings(_written(tmp_path, text), {}).scp
    assert [(each.ae_title, each.address) for each in scp.modality] == [("CT1", "10.0.0.7")]
    assert scp.tls is not None
    assert scp.tls.peers_ca == tmp_path / "tls/peers.pem"


def test_without_a_file_the_defaults_hold_in_the_current_folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    settings = load_settings(None, {})
    assert settings.scp == Settings().scp
    assert settings.spool_folder == tmp_path / "var/spool"
    assert settings.ledger.url == f"sqlite:///{tmp_path}/var/ledger.sqlite3"
    assert settings.inference.packages == (SHIPPED_PACKAGES,)


def test_a_settings_file_in_the_current_folder_is_taken(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    _written(tmp_path, "[scp]\nport = 4242\n")
    assert load_settings(None, {}).scp.port == 4242


def test_relative_paths_are_relative_to_the_file_wherever_one_stands(tmp_path, monkeypatch):
    folder = tmp_path / "a place with spaces"
    folder.mkdir()
    path = _written(
        folder,
        """
        spool = { url = "shelf of mine" }
        ledger = { url = "sqlite:///the ledger.sqlite3" }
        inference = { packages = ["my models", "/opt/models"] }
        """,
    )
    monkeypatch.chdir("/")
    settings = load_settings(path, {})
    assert settings.spool_folder == folder / "shelf of mine"
    assert settings.ledger.url == f"sqlite:///{folder}/the ledger.sqlite3"
    assert settings.inference.packages == (folder / "my models", Path("/opt/models"))


def test_absolute_paths_stay_as_they_are(tmp_path):
    path = _written(
        tmp_path, '[spool]\nurl = "file:///srv/spool%20one"\n[ledger]\nurl = "sqlite:////srv/l.sqlite3"\n'
    )
    settings = load_settings(path, {})
    assert settings.spool_folder == Path("/srv/spool one")
    assert settings.ledger.url == "sqlite:////srv/l.sqlite3"


def test_settings_are_frozen():
    with pytest.raises(ValidationError, match="frozen"):
        Settings().scp.port = 1  # type: ignore[misc]


def test_all_mistakes_are_told_at_once(tmp_path):
    path = _written(
        tmp_path,
        """
        [scp]
        ae_title = "SEVENTEEN_LETTERS"
        port = 70000
        [queue]
        url = "amqp://host"
        [destinations.pacs]
        url = "http://host"
        """,
    )
    mistakes = "\n".join(_mistakes(path, {"DICOM_NODE_SCP__PORT__X": "1"}))
    for place in ("[scp] ae_title", "[scp] port = 70000", "[queue] url", "[destinations.pacs] url"):
        assert place in mistakes
    assert "environment DICOM_NODE_SCP__PORT__X: no such key; the form is DICOM_NODE_SECTION__KEY" in mistakes
    assert len(mistakes.splitlines()) == 5


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("[scp]\nprt = 1", "[scp] prt: unknown; did you mean 'port'?"),
        ("[sc]\nport = 1", "[sc]: unknown; did you mean 'scp'?"),
        ("[scp]\nzebra = 1", "[scp] zebra: unknown; known here: ae_title, host, port"),
        (
            "[destinations.pacs]\nurll = 'dicom://A@h:1'",
            "[destinations.pacs] urll: unknown; did you mean 'url'?",
        ),
        ("[destinations.pacs]", "[destinations.pacs] url: missing"),
        ("scp = 5", "[scp] = 5: input should be a valid dictionary or instance of ScpSettings"),
        ("[scp]\nport = 'x'", "[scp] port = 'x': input should be a valid integer"),
        (
            "[queue]\nlease_seconds = 1",
            "[queue] lease_seconds = 1: input should be greater than or equal to 2",
        ),
        (
            "[destinations.1pacs]\nurl = 'dicom://A@h:1'",
            "[destinations] 1pacs = '1pacs': string should match",
        ),
    ],
)
def test_a_mistake_says_where_it_is_and_what_was_meant(tmp_path, text, sentence):
    mistakes = [mistake.strip() for mistake in _mistakes(_written(tmp_path, text))]
    assert any(mistake.startswith(sentence) for mistake in mistakes), mistakes


@pytest.mark.parametrize(
    ("section", "url"),
    [
        ("spool", "s3://bucket"),
        ("ledger", "postgresql://host/db"),
        ("ledger", "var/ledger.sqlite3"),
        ("queue", "embeded"),
        ("destinations.pacs", "dicom://PACS@host"),
        ("destinations.pacs", "dicom://host:104"),
        ("destinations.pacs", "dicom://PACS@host:999999"),
        ("destinations.pacs", "dicom://A_TITLE_THAT_IS_TOO_LONG@host:104"),
    ],
)
def test_an_address_we_do_not_serve_is_refused_with_what_is_allowed(tmp_path, section, url):
    (mistake,) = _mistakes(_written(tmp_path, f'[{section}]\nurl = "{url}"\n'))
    assert f"[{section}] url = '{url}': " in mistake
    assert "allowed: " in mistake or "an AE title has 1 to 16" in mistake


@pytest.mark.parametrize(
    "url", ["embedded", "none", "redis://h:6379/0", "rediss://h/0", "redis+socket:///r.sock"]
)
def test_the_queues_there_are(tmp_path, url):
    assert load_settings(_written(tmp_path, f'[queue]\nurl = "{url}"\n'), {}).queue.url == url


@pytest.mark.parametrize("ae_title", ["", " X", "X ", "A\\B", "Ä", "A\nB", "A" * 17])
def test_what_is_no_ae_title_is_refused(tmp_path, ae_title):
    (mistake,) = _mistakes(None, {"DICOM_NODE_SCP__AE_TITLE": ae_title})
    assert mistake.startswith("  [scp] ae_title = ")
    assert "1 to 16 ASCII characters" in mistake


@pytest.mark.parametrize("ae_title", ["A", "STORE SCP", "x" * 16, "A-B_C.1"])
def test_what_is_an_ae_title_is_taken(ae_title):
    assert load_settings(SHIPPED, {"DICOM_NODE_SCP__AE_TITLE": ae_title}).scp.ae_title == ae_title


def test_a_destinations_ae_title_is_judged_as_it_will_be_used(tmp_path):
    fifteen = _written(tmp_path, '[destinations.pacs]\nurl = "dicom://MY%20PACS%20NUMBER1@h:104"\n')
    assert load_settings(fifteen, {}).destinations["pacs"].url.endswith("@h:104")
    backslash = _written(tmp_path, '[destinations.pacs]\nurl = "dicom://A%5CB@h:104"\n')
    assert "no backslash" in _mistakes(backslash)[0]


def test_the_environment_has_the_last_word(tmp_path):
    path = _written(tmp_path, "[scp]\nport = 4242\n")
    settings = load_settings(path, {"DICOM_NODE_SCP__PORT": "4343", "DICOM_NODE_QUEUE__LEASE_SECONDS": "2.5"})
    assert settings.scp.port == 4343
    assert settings.queue.lease_seconds == 2.5


def test_the_environment_may_name_a_destination(tmp_path):
    path = _written(tmp_path, '[destinations.PACS]\nurl = "dicom://OLD@h:104"\n')
    environ = {
        "DICOM_NODE_DESTINATIONS__PACS__URL": "dicom://NEW@h:104",
        "DICOM_NODE_DESTINATIONS__BACKUP__URL": "dicom://B@h:104",
    }
    found = load_settings(path, environ).destinations
    assert {name: each.url for name, each in found.items()} == {
        "PACS": "dicom://NEW@h:104",
        "backup": "dicom://B@h:104",
    }


def test_the_environment_may_hold_a_list(tmp_path):
    environ = {"DICOM_NODE_INFERENCE__PACKAGES": '["one", "/opt/two"]'}
    packages = load_settings(_written(tmp_path, ""), environ).inference.packages
    assert packages == (tmp_path / "one", Path("/opt/two"))


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        ("DICOM_NODE_SCP__PORT__X", "environment DICOM_NODE_SCP__PORT__X: no such key"),
        ("DICOM_NODE_SCP__PRT", "[scp] prt: unknown; did you mean 'port'?"),
        ("DICOM_NODE_SPC__PORT", "[spc]: unknown; did you mean 'scp'?"),
        ("DICOM_NODE_SCP__", "[scp] : unknown"),
    ],
)
def test_a_wrong_name_in_the_environment_is_a_mistake(tmp_path, name, sentence):
    (mistake,) = _mistakes(_written(tmp_path, "[scp]\nport = 1\n"), {name: "1"})
    assert mistake.strip().startswith(sentence)


def test_a_broken_list_in_the_environment_is_a_mistake_and_not_a_crash(tmp_path):
    mistakes = _mistakes(_written(tmp_path, ""), {"DICOM_NODE_INFERENCE__PACKAGES": "[one"})
    assert "[inference] packages" in mistakes[0]


def test_names_without_a_section_are_none_of_our_business(tmp_path):
    """What Kubernetes sets in every pod beside a service named dicom-node, and what a Dockerfile may."""
    environ = {
        "DICOM_NODE_PORT": "tcp://10.0.0.1:11112",
        "DICOM_NODE_PORT_11112_TCP_ADDR": "10.0.0.1",
        "DICOM_NODE_SERVICE_HOST": "10.0.0.1",
        "DICOM_NODE_VERSION": "0.1.0",
    }
    assert load_settings(_written(tmp_path, ""), environ) == load_settings(_written(tmp_path, ""), {})


def test_other_variables_are_none_of_our_business(tmp_path):
    assert load_settings(_written(tmp_path, ""), {"PATH": "/bin", "DICOM_NODES_X__Y": "1"}).scp.port == 11112


def test_a_file_that_is_not_there_is_named(tmp_path):
    with pytest.raises(
        SettingsInvalid, match=r"no settings file .*nowhere\.toml; name another with --settings"
    ):
        load_settings(tmp_path / "nowhere.toml", {})


@pytest.mark.parametrize("content", [b"[scp", b"\xff\xfe\x00"])
def test_a_file_that_is_no_toml_is_said_plainly(tmp_path, content):
    path = tmp_path / "settings.toml"
    path.write_bytes(content)
    with pytest.raises(SettingsInvalid, match="cannot be read as TOML"):
        load_settings(path, {})


def test_a_folder_in_place_of_the_file_is_said_plainly(tmp_path):
    with pytest.raises(SettingsInvalid, match="cannot be read"):
        load_settings(tmp_path, {})


def _modality(**keys: object) -> dict[str, str]:
    """The environment that lists one modality."""
    table = ", ".join(f"{key} = {json.dumps(value)}" for key, value in keys.items())
    return {"DICOM_NODE_SCP__MODALITY": f"[{{{table}}}]"}


@pytest.mark.parametrize(
    "address",
    [
        "10.0.0.7",
        "10.1.0.0/16",
        "0.0.0.0/0",
        "fd00::7",
        "fd00::/8",
        "ct1",
        "ct-1.local",
        "ct_1.x.",
        "face",
        "7up",
    ],
)
def test_the_addresses_a_modality_may_have(address):
    (only,) = load_settings(SHIPPED, _modality(ae_title="CT1", address=address)).scp.modality
    assert (only.ae_title, only.address, only.tls_only, only.associations_at_most) == (
        "CT1",
        address,
        False,
        None,
    )


@pytest.mark.parametrize(
    ("address", "sentence"),
    [
        ("10.0.0.777", "no IP address or network: "),
        ("10.0.0.7/8", "no IP address or network: 10.0.0.7/8 has host bits set"),
        ("10.0.0.0/33", "no IP address or network: "),
        ("fd00::g", "allowed: a host name, an IP address, or a network such as 10.1.2.0/24"),
        ("", "allowed: a host name"),
        ("-ct1", "allowed: a host name"),
        ("ct 1", "allowed: a host name"),
        ("ct1\n", "allowed: a host name"),
        ("x" * 254, "allowed: a host name"),
    ],
)
def test_what_is_no_address_is_refused(address, sentence):
    (mistake,) = _mistakes(SHIPPED, _modality(ae_title="CT1", address=address))
    assert mistake.startswith(f"  [[scp.modality]] number 1, address = {address!r}: {sentence}")


def test_of_several_modalities_the_wrong_one_is_named(tmp_path):
    path = _written(
        tmp_path,
        """
        [[scp.modality]]
        ae_title = "CT1"
        address = "10.0.0.7"
        [[scp.modality]]
        ae_title = "CT\\\\2"
        adress = "10.0.0.8"
        """,
    )
    title, missing, unknown = _mistakes(path)
    assert title.startswith("  [[scp.modality]] number 2, ae_title = 'CT\\\\2': an AE title has 1 to 16")
    assert missing == "  [[scp.modality]] number 2, address: missing"
    assert unknown == "  [[scp.modality]] number 2, adress: unknown; did you mean 'address'?"


def test_modality_in_single_brackets_is_told_from_a_list(tmp_path):
    (mistake,) = _mistakes(_written(tmp_path, '[scp.modality]\nae_title = "CT1"\naddress = "h"\n'))
    assert mistake.endswith("write [[scp.modality]], in two brackets: there may be several")


@pytest.mark.parametrize(
    ("size", "in_bytes"),
    [("4 GB", 4_000_000_000), ("2GiB", 2 << 30), ("1.5 GB", 1_500_000_000), ("5000000", 5_000_000)],
)
def test_a_size_is_a_number_of_bytes_or_a_text(tmp_path, size, in_bytes):
    assert load_settings(SHIPPED, {"DICOM_NODE_SCP__INSTANCE_AT_MOST": size}).scp.instance_at_most == in_bytes
    number = _written(tmp_path, f"[spool]\nkeep_free = {in_bytes}\n")
    assert load_settings(number, {}).spool.keep_free == in_bytes


@pytest.mark.parametrize("size", ["much", "-1 GB", "4 XB", "4 G B", "1,5 GB", "1 GB!", "4 000", ""])
def test_what_is_no_size_is_refused(size):
    (mistake,) = _mistakes(SHIPPED, {"DICOM_NODE_SPOOL__KEEP_FREE": size})
    wanted = "allowed: a number of bytes, or a text such as '4 GB' or '512 MiB'"
    assert mistake == f"  [spool] keep_free = {size!r}: {wanted}"


def test_keep_free_may_be_nothing_and_survives_absolute_paths():
    settings = load_settings(SHIPPED, {"DICOM_NODE_SPOOL__KEEP_FREE": "0"})
    assert settings.spool.keep_free == 0
    assert settings.spool.url.startswith("file:///")
    assert Settings().spool.keep_free == 1_000_000_000
    assert Settings().scp.instance_at_most == 4_000_000_000


def test_a_private_sop_class_is_a_uid():
    known = {"DICOM_NODE_SCP__PRIVATE_SOP_CLASSES": '["1.2.840.113619.4.27", "1.3.12.2.1107.5.9.1"]'}
    assert load_settings(SHIPPED, known).scp.private_sop_classes[1] == "1.3.12.2.1107.5.9.1"
    for wrong in ("CTImageStorage", "1", "1.", "1..2", "1." + "2" * 63, "1.2\\n"):
        (mistake,) = _mistakes(SHIPPED, {"DICOM_NODE_SCP__PRIVATE_SOP_CLASSES": f'["1.2", "{wrong}"]'})
        assert mistake.startswith("  [scp] private_sop_classes, number 2, = "), mistake
        assert "a UID has digits and dots" in mistake


@pytest.mark.parametrize(
    ("at_most", "reserved", "is_right"), [(200, 199, True), (20, 20, False), (1, 0, True), (10, None, False)]
)
def test_strangers_keep_some_room(at_most, reserved, is_right):
    environ = {"DICOM_NODE_SCP__ASSOCIATIONS_AT_MOST": str(at_most)}
    if reserved is not None:
        environ["DICOM_NODE_SCP__ASSOCIATIONS_RESERVED"] = str(reserved)
    if is_right:
        assert load_settings(SHIPPED, environ).scp.associations_reserved == reserved
    else:
        (mistake,) = _mistakes(SHIPPED, environ)
        assert mistake.endswith("must be less than associations_at_most")


def _tls(**keys: str) -> dict[str, str]:
    given = {"certificate": "node.pem", "key": "/etc/node.key", **keys}
    return {f"DICOM_NODE_SCP__TLS__{key.upper()}": value for key, value in given.items()}


def test_tls_is_mutual_unless_said_otherwise_and_its_files_are_relative_to_the_settings(tmp_path):
    tls = load_settings(_written(tmp_path, ""), _tls(peers_ca="peers.pem")).scp.tls
    assert tls is not None
    assert (tls.port, tls.mutual) == (2762, True)
    assert (tls.certificate, tls.key) == (tmp_path / "node.pem", Path("/etc/node.key"))
    assert tls.peers_ca == tmp_path / "peers.pem"
    one_sided = load_settings(_written(tmp_path, ""), _tls(mutual="false")).scp.tls
    assert one_sided is not None
    assert (one_sided.mutual, one_sided.peers_ca) == (False, None)


def test_without_a_section_there_is_no_tls():
    assert load_settings(SHIPPED, {}).scp.tls is None


@pytest.mark.parametrize(
    ("environ", "sentence"),
    [
        (_tls(), "[scp.tls] mutual = True: peers_ca is missing"),
        (_tls(mutual="true"), "[scp.tls] mutual = 'true': peers_ca is missing"),
        (_tls(mutual="false", port="11112"), "its port must not be [scp] port"),
        (_tls(mutual="false", keys="x"), "[scp.tls] keys: unknown; did you mean 'key'?"),
        (_tls(mutual="maybe", peers_ca="p"), "[scp.tls] mutual = 'maybe': input should be a valid boolean"),
    ],
)
def test_what_is_wrong_with_tls(environ, sentence):
    (mistake,) = _mistakes(SHIPPED, environ)
    assert sentence in mistake


def test_the_receivers_there_are():
    for receiver in ("streaming", "stock"):
        assert load_settings(SHIPPED, {"DICOM_NODE_SCP__RECEIVER": receiver}).scp.receiver == receiver
    (mistake,) = _mistakes(SHIPPED, {"DICOM_NODE_SCP__RECEIVER": "stok"})
    assert mistake == "  [scp] receiver = 'stok': input should be 'streaming' or 'stock'"
