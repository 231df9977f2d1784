"""Tables that no program would write, brought as a merchant brings them: taken in whole, or not.

Each is made from a real one by a seed. Whatever is in it, the pages answer, nothing is taken in by
half, what was taken in can be taken back to the point, and no file is held in memory.
"""

import io
import tracemalloc
from collections import Counter
from random import Random

import pytest

from app.domain.imports.columns import Field
from app.loyalty.digest import digest
from app.loyalty.verify import verify
from app.models.import_run import Stage, newest_imports
from app.models.shop import shop_by_domain
from tests.figures import keep
from tests.fuzz.mutants import MONEY, NUMBERS, TEXTS
from tests.seeds import again, seeds
from tests.web.admin.conftest import merchant, work
from tests.web.admin.merchant import HERE
from tests.web.signing import SHOP

__all__ = ["merchant", "work"]

EACH = 6
"""Files for each seed."""
MOST_MEMORY = 12 * 1024 * 1024
LARGE = 24 * 1024 * 1024
TABLE = (
    "Customer ID,Email,Points Balance,Points Expire,VIP Tier,Joined,Birthday\r\n"
    + "".join(
        f'{number},kunde{number}@example.dk,"{number * 37:,}",2027-12-{number:02},,'
        f"2024-0{number % 9 + 1}-15,0{number % 9 + 1}-1{number % 9}\r\n"
        for number in range(1, 29)
    )
).encode()
CELLS = (*TEXTS, *MONEY, *map(str, NUMBERS), '"', '""', "a\nb", "=1+1", "1.200,50", "31/12/2027")
# What stands in a file that was cut, joined, converted or never was a table.
BYTES = (
    *(b"\x00", b"\xff\xfe", b"\xef\xbb\xbf", b"\xc3", b"\x85", b"\r", b"\n\n", b";", b"\t"),
    *(b'"', b'"\n', b"\xe2\x80\xa8", b"PK\x03\x04", b"\x1f\x8b", b"," * 300, b"x" * 40_000),
)


def a_cell(random, raw):
    """Something else in a field."""
    lines = raw.split(b"\r\n")
    place = random.randrange(len(lines))
    cells = lines[place].split(b",")
    cells[random.randrange(len(cells))] = random.choice(CELLS).encode(errors="replace")
    lines[place] = b",".join(cells)
    return b"\r\n".join(lines)


def a_line(random, raw):
    """A line twice, elsewhere, or no more."""
    lines = raw.split(b"\r\n")
    line = lines.pop(random.randrange(len(lines)))
    for _ in range(random.choice((0, 1, 2))):
        lines.insert(random.randrange(len(lines) + 1), line)
    return b"\r\n".join(lines)


def some_bytes(random, raw):
    """Bytes that belong to something else."""
    place = random.randrange(len(raw) + 1)
    return raw[:place] + random.choice(BYTES) + raw[place:]


def cut(random, raw):
    """Only the beginning."""
    return raw[: random.randrange(len(raw) + 1)]


def converted(random, raw):
    """Saved by another program."""
    text = raw.decode(errors="replace")
    old, new = random.choice(((",", ";"), (",", "\t"), ("\r\n", "\n"), ("\r\n", "\r"), ("-", "/")))
    return text.replace(old, new).encode(
        random.choice(("utf-8", "utf-16", "utf-16-be", "latin-1", "cp1252")), errors="replace"
    )


def a_table(random):
    """A file with something wrong in it, or several things."""
    raw = TABLE
    for _ in range(random.choice((1, 1, 2, 4))):
        raw = random.choice((a_cell, a_cell, a_line, some_bytes, cut, converted))(random, raw)
    return raw


def sent(merchant, raw):
    """The answer to a file that a merchant brings."""
    form = {"csrf_token": merchant.token(), "file": (io.BytesIO(raw), "members.csv")}
    return merchant.client.post("/admin/imports", data=form, headers=HERE)


def compared(merchant, work, random, path):
    """Say what the columns are, as they were guessed or otherwise, and have them compared."""
    form = merchant.form(path, f"{path}/columns") | {"label": "Fuzz"}
    if random.random() < 0.3:
        columns = [name for name in form if name.startswith("column-")]
        form |= {name: random.choice(list(Field)) for name in columns}
    answer = merchant.client.post(f"{path}/columns", data=form, headers=HERE)
    assert answer.status_code in (303, 422)
    work()


def does(merchant, work, path, step):
    """Whether a step is offered on the page of an import; if so, it is done, twice."""
    if f'action="{path}/{step}"' not in merchant.sees(path):
        return False
    for _twice in range(2):
        merchant.sends(f"{path}/{step}")
        work()
    return True


def books(database):
    """The digest of the shop's books, which are right."""
    with database.reading() as session:
        shop = shop_by_domain(session, SHOP)
        return digest(session, shop), verify(session, shop).differences


def stage(database, merchant):
    """Where the newest import stands, and whether it says that it changed anything."""
    with database.reading() as session:
        return newest_imports(session, merchant.shop.id, limit=1)[0].stage


@pytest.mark.parametrize("seed", seeds(short=1))
def test_a_table_is_taken_in_whole_or_not_at_all(merchant, database, work, seed):
    random = Random(f"tables {seed}")
    replay = again("tests/fuzz/test_tables.py", seed)
    before = books(database)

    ends = Counter()
    for raw in [TABLE, *(a_table(random) for _ in range(EACH))]:
        answer = sent(merchant, raw)
        assert answer.status_code in (303, 422), replay
        if answer.status_code == 303:
            path = answer.location
            compared(merchant, work, random, path)
            assert books(database) == before, replay
            ran = does(merchant, work, path, "run")
            ended = stage(database, merchant)
            assert ended == Stage.DONE if ran else ended != Stage.DONE, replay
            assert books(database)[1] == (), replay
            undone = does(merchant, work, path, "undo")
            assert undone == ran, replay
            ends["taken in" if ran else "looked at"] += 1
        else:
            ends["refused"] += 1
        assert books(database) == before, replay

    assert ends["taken in"] > 0, "The real table was taken in, or nothing was tried."
    keep("C5", database.url.get_backend_name(), files=EACH, **{"taken in": ends["taken in"]})


@pytest.mark.parametrize(
    "filling",
    [
        pytest.param(b"x" * 1024, id="an endless line"),
        pytest.param(b'"a\n' * 512, id="quotes that stay open"),
        pytest.param(b"," * 1024, id="endless columns"),
    ],
)
def test_a_large_table_is_not_held_in_memory(merchant, database, work, filling):
    before = books(database)
    raw = b"customer_id,points\n8,5\n" + filling * (LARGE // len(filling))
    path = sent(merchant, raw).location
    tracemalloc.start()

    compared(merchant, work, Random(1), path)
    does(merchant, work, path, "run")
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()

    assert most < MOST_MEMORY
    does(merchant, work, path, "undo")
    assert books(database) == before
