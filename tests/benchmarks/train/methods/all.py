"""Every method that is compared."""

import time

from tests.benchmarks.train.methods import augmentation, ensembles, imbalance, mixing, small_targets, transfer
from tests.benchmarks.train.methods.comparison import SEEDS, compare, said

METHODS = {
    "augmentation": augmentation.METHOD,
    "mixup": mixing.MIXUP,
    "cutmix": mixing.CUTMIX,
    "transfer": transfer.METHOD,
    "ensemble": ensembles.METHOD,
    "weighted": imbalance.WEIGHTED,
    "focal": imbalance.FOCAL,
    "balanced": imbalance.BALANCED,
    "dice": small_targets.DICE,
    "tversky": small_targets.TVERSKY,
}


def main(names: list[str]) -> int:
    """Print each comparison as it is made; 1 where a method does not beat its plain counterpart in the mean."""
    print(f"mean ± standard deviation over the seeds {', '.join(map(str, SEEDS))}\n")
    all_beat = True
    for name in names or METHODS:
        began = time.process_time()
        found = compare(METHODS[name])
        print(f"{said(found)}  [{name}, {time.process_time() - began:.0f} CPU-s]", flush=True)
        all_beat = all_beat and found.beats
    return 0 if all_beat else 1
