"""Files that are there as a whole, or not at all."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from app.cli.say import Complaint


@contextmanager
def whole_file(path: Path) -> Iterator[IO[bytes]]:
    """A new file that only its owner can read; it takes its name when everything is on the disk.

    So a file of that name is always a whole one. Raises Complaint when it cannot be written.
    """
    draft = path.with_name(f"{path.name}.part")
    try:
        handle = os.open(draft, os.O_RDWR | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(handle, "wb+") as raw:
            yield raw
            raw.flush()
            os.fsync(raw.fileno())
        draft.replace(path)
    except OSError as error:
        raise Complaint(f"{path} cannot be written: {error.strerror}.") from error
