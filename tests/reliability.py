"""`python -m tests.reliability`: docs/reliability.md, made of what the long runs have counted.

`make fuzz` and `make faults` write their lines into docs/figures; a row without any says so.
"""

from tests.figures import kept
from tests.source import ROOT

FIGURES = ROOT / "docs" / "figures"
PAGE = ROOT / "docs" / "reliability.md"

HEAD = """# What it withstands

Made by `make reliability` of what the long runs have counted (docs/figures): do not edit. A run
counts only what held; where something did not, it fails and prints the command that repeats it.
*Goal* is what we ask of ourselves before a release. A short form of `make fuzz` and `make faults`
is part of `make check`.

| # | What | Goal | Command | Counted | Last |
|---|---|---|---|---|---|
"""

TAIL = """
## What is not reached, and why

- **A1 to A3** are of a quiet machine, on SQLite and PostgreSQL, 22 November 2026.
- **A4**: recomputing is what `verify` does (SQLite, 22 November 2026; the export took 98 s). The
  memory that the command tells is never below that of the process which made the shop; `verify` of
  five times as much needed 107 MB. Replaying the journal with `stamkunde rebuild` is more, 1.7 ms
  of processor time a fact, so an hour for two million: one that was killed goes on.
- **E2** (1,000 years): what was counted stands above; `make faults` goes on there, for nights.
- **C1** for the API counts single questions, on both databases; rows of questions, where an answer
  leads to the next, have run in the short form only, and programs on SQLite only.
- **D2**: 95.5 %. Five of the seven gaps are the operator's (password of the database, vault,
  firewall, log store), one is the platform's (a token in an address), and one is not known
  (whether a version has a known hole).
- **D3** asks a registry, so it is no part of the suite.
"""

DOMAIN_COVERED = "domain 99 %: testing.md"
BAD_PLATFORM = "tests/flows/test_bad_platform.py"
# The row, what is tried, the goal, the command, and where the figure is when not counted here.
ROWS = (
    ("A1", "webhooks, sustained", "150/s, p99 500 ms", "make bench-lag", "104 and 9 ms: lag.md"),
    ("A2", "10,000 webhooks in 30 s", "drained in 120 s", "make bench-lag", "0.2 s: lag.md"),
    ("A3", "the widget's question", "400/s, p99 150 ms", "make bench", "3 and 4 ms: results.md"),
    ("A4", "2,000,000 transfers", "recomputed in 5 min, 400 MB", "make bench-volume", "50 s"),
    (
        "A5",
        "an hour at 50/s",
        "memory grows by 10 % at most",
        "make soak",
        "6.4 and 3.7 %: soak.md",
    ),
    ("B1", "kill -9 at random", "200 kills, 10 seeds, on each database", "make faults", ""),
    ("B2", "dying at each commit and call", "all points", "make faults", ""),
    ("B3", "webhooks twice, shuffled, never", "equal books", "make faults", "counted in B1"),
    ("B4", "the platform's faults", "no double code", "make test", BAD_PLATFORM),
    ("B5", "tokens that end", "one refresh at a time", "make test", BAD_PLATFORM),
    ("B6", "disk full, locked, read-only, away", "503, then by itself", "make faults", ""),
    ("B7", "fifty redeem at once", "exactly what the balance pays", "make faults", ""),
    ("B8", "backup, restore, replay", "equal digest", "make faults", ""),
    ("C1", "nonsense for the API, in forms, in programs", "10,000 cases, no 5xx", "make fuzz", ""),
    ("C2", "nonsense in webhooks", "20,000 bodies, no 5xx, no gain", "make fuzz", ""),
    ("C3", "forged proofs", "2,000, none accepted", "make fuzz", ""),
    ("C4", "another shop's ids", "every route, no leak", "make fuzz", ""),
    ("C5", "files to import", "40 files", "make fuzz", ""),
    ("D1", "Shopify's own probes", "all rejected", "make test", "tests/contracts"),
    ("D2", "ASVS 5.0", "95 % of what applies", "make test", "150 of 157 met: asvs.md"),
    ("D3", "known holes", "none high", "make audit", "not in the suite: it asks a registry"),
    ("E1", "lives of shops", "2,000 lives of 50 steps on each database", "make properties", ""),
    ("E2", "a year with deaths in it", "1,000 seeds", "make faults", ""),
    ("E3", "mutants", "90 % killed", "mutmut run", "96.1 %: testing.md"),
    ("E4", "coverage", "98 % domain, 90 % all", "make coverage", DOMAIN_COVERED),
    ("F4", "first start", "60 s after download", "make demo", "tests/flows/test_demo.py"),
    ("restarts", "a release under load", "no error", "make faults", ""),
)


def page():
    """The page as it should be."""
    counted = kept(FIGURES.glob("*.jsonl"))
    lines = [
        f"| {row} | {what} | {goal} | {f'`{command}`' if command else ''} | {figure} | {last} |"
        for row, what, goal, command, elsewhere in ROWS
        for figure, last in [_told(counted.get(row), elsewhere)]
    ]
    return HEAD + "\n".join(lines) + "\n" + TAIL


def _told(parts, elsewhere):
    """The figures of a row in words, and the day of the last."""
    if not parts:
        return elsewhere or "not run at full length yet", ""
    sentences, last = [], ""
    for part, sums in sorted(parts.items()):
        last = max(last, sums["on"])
        counts = ", ".join(f"{n:,} {name}" for name, n in sorted(sums.items()) if name != "on")
        sentences.append(f"{part}: {counts}")
    return "; ".join(sentences), last


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
