import pytest

from tests.unit.dicom_node.settings.given import mistakes_of, written


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
    mistakes = [mistake.strip() for mistake in mistakes_of(written(tmp_path, text))]
    assert any(mistake.startswith(sentence) for mistake in mistakes), mistakes


def test_of_several_modalities_the_wrong_one_is_named(tmp_path):
    path = written(
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
    title, missing, unknown = mistakes_of(path)
    assert title.startswith("  [[scp.modality]] number 2, ae_title = 'CT\\\\2': an AE title has 1 to 16")
    assert missing == "  [[scp.modality]] number 2, address: missing"
    assert unknown == "  [[scp.modality]] number 2, adress: unknown; did you mean 'address'?"


@pytest.mark.parametrize(
    "text",
    [
        "[queue]\nurl = 'amqps://node:geheim@broker/0'",
        "[queue]\nurl = 'rediss+x://:geheim@broker/0'",
        "[ledger]\nurl = 'mysql://node:geheim@db/node'",
        "[destinations.pacs]\nurl = 'http://A:geheim@h:1'",
    ],
)
def test_no_password_is_told(tmp_path, text):
    (mistake,) = mistakes_of(written(tmp_path, text))
    assert "geheim" not in mistake
    assert ":***@" in mistake
