"""Processes of this machine, looked for through /proc."""

from pathlib import Path


def pids_with_word(word: str) -> list[int]:
    """The processes with a word that holds this one in their command line. None of them is a zombie."""
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            command = (folder / "cmdline").read_bytes().split(b"\0")
        except OSError:  # it has just ended
            continue
        if any(word.encode() in each for each in command):
            found.append(int(folder.name))
    return found
