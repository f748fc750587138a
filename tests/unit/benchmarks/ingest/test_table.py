from tests.benchmarks.ingest.cases import CASES
from tests.benchmarks.ingest.measurement import Measurement
from tests.benchmarks.ingest.scale import FULL, QUICK
from tests.benchmarks.ingest.table import as_table


def test_every_case_has_its_block_named_by_what_was_sent():
    lines = as_table([], FULL).splitlines()
    for title in ("storescu, untuned, 525 KB", "one instance of 200 MB", "100 idle associations"):
        assert any(line.startswith(title) for line in lines), title
    assert "one instance of 8 MB" in as_table([], QUICK)


def test_every_measurement_has_its_line_under_its_case():
    rows = [
        Measurement(case=case.name, peer=peer, per_second=12.345, cpu_seconds_per_1000=0.4, p50_ms=1234.0)
        for case in CASES
        for peer in ("one", "other")
    ]
    blocks = as_table(rows, FULL).strip().split("\n\n")
    assert len(blocks) == len(CASES)
    for block in blocks:
        _, one, other = block.splitlines()
        assert one.split() == ["one", "12.3", "0.40", "1,234", "–", "–"]
        assert other.split()[0] == "other"


def test_what_failed_is_said_in_one_line():
    failed = Measurement(case="small", peer="one", failed="it\nwent\naway")
    assert (
        "  one                                 FAILED: it went away" in as_table([failed], FULL).splitlines()
    )


def test_memory_of_the_large_one_and_the_share_of_a_core_are_remarked():
    large = Measurement(case="large", peer="one", per_second=1.0, growth_mib=12.5)
    idle = Measurement(case="idle", peer="one", core_percent=155.0, note="took only 4 of 100")
    table = as_table([large, idle], FULL)
    assert "+12.5 MiB" in table
    assert "took only 4 of 100; 155 % of a core" in table
