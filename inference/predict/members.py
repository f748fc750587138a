"""Where the members of an ensemble lie in a package: every one, or none."""

from pathlib import Path

from inference.errors import PackageInvalid


def folders_of_members(folder: Path, members: int) -> tuple[Path, ...]:
    """``folder`` itself where there is one network, else its subfolders 0, 1, … in that order.

    Raises PackageInvalid where what is there is not what ``[predict] members`` says: never two of three in silence.
    """
    if members == 1:
        return (folder,)
    expected = {str(number) for number in range(members)}
    found = {path.name for path in folder.iterdir()} if folder.is_dir() else set()
    if found != expected:
        raise PackageInvalid(
            f"[predict] members = {members} needs the folders {', '.join(sorted(expected))} in model/, "
            f"which holds {', '.join(sorted(found)) or 'nothing'}"
        )
    return tuple(folder / str(number) for number in range(members))
