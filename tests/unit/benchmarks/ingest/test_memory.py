"""As much memory as it says is touched, and none is kept."""

import subprocess
import sys

ASK = """
from tests.benchmarks.ingest import memory

def kib(name):
    lines = open("/proc/self/status").read().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith(name))

memory.WARMED_BYTES = 64 << 20
before = kib("VmHWM")
memory.warm_memory()
print(kib("VmHWM") - before, kib("VmRSS") - before)
"""


def test_it_is_touched_and_given_back():
    asked = subprocess.run([sys.executable, "-c", ASK], capture_output=True, text=True, check=True)
    touched_kib, kept_kib = map(int, asked.stdout.split())
    assert touched_kib > 50_000
    assert kept_kib < 10_000
