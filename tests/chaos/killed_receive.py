"""`dicom-node receive` that kills itself at a step: `python -m tests.chaos.killed_receive STEP NUMBER receive …`."""

import sys

from tests.chaos.steps import STEPS, Killer


def main() -> None:
    step, number = sys.argv[1], int(sys.argv[2])
    STEPS[step].install(Killer(step, number))
    del sys.argv[1:3]
    from dicom_node.cli import main as dicom_node

    dicom_node(prog_name="dicom-node")


if __name__ == "__main__":
    main()
