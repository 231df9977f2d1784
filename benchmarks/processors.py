"""How much processor time processes have used: what a shared machine cannot distort by waiting."""

import os
from pathlib import Path

TICKS = os.sysconf("SC_CLK_TCK")


def used_seconds(*roots: int) -> float:
    """The processor time of these processes and all below them, those that have ended left out."""
    parents, times = {}, {}
    for folder in Path("/proc").iterdir():
        if not folder.name.isdecimal():
            continue
        try:
            stat = (folder / "stat").read_text()
        except OSError:
            continue  # It has ended since.
        told = _told(stat)
        parents[int(folder.name)] = parent_of(stat)
        times[int(folder.name)] = (int(told[11]) + int(told[12])) / TICKS
    return sum(time for process, time in times.items() if _is_below(process, roots, parents))


def parent_of(stat: str) -> int:
    """The parent of a process, in what the kernel tells of it."""
    return int(_told(stat)[1])


def children_of(process: int) -> list[int]:
    """The processes that one has started; those of gunicorn answer, and it does not."""
    path = Path(f"/proc/{process}/task/{process}/children")
    return [int(child) for child in path.read_text().split()]


def memory_bytes(*roots: int) -> int:
    """The memory that these processes themselves have in use."""
    pages = (int(Path(f"/proc/{root}/statm").read_text().split()[1]) for root in roots)
    return sum(pages) * os.sysconf("SC_PAGE_SIZE")


def fresh_peak() -> None:
    """Let the most memory that this process has had be what it has now."""
    Path("/proc/self/clear_refs").write_text("5")


def peak_bytes() -> int:
    """The most memory that this process itself has had in use since."""
    told = Path("/proc/self/status").read_text().partition("VmHWM:")[2]
    return int(told.split()[0]) * 1024


def _told(stat: str) -> list[str]:
    # The name, in parentheses, may hold anything.
    return stat.rpartition(")")[2].split()


def _is_below(process: int, roots: tuple[int, ...], parents: dict[int, int]) -> bool:
    while process and process not in roots:
        process = parents.get(process, 0)
    return process != 0
