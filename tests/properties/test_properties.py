"""Whatever happens to a shop, its books are right after every step.

Each seed lives 25 lives, so that the two databases' cases can be shared among processes and one of
them can be repeated. `make check` takes four seeds on each database, `make properties` eighty, and
goes on where it was stopped.
"""

import hypothesis
import pytest
from hypothesis import HealthCheck, settings
from hypothesis.stateful import run_state_machine_as_test

from tests.figures import keep
from tests.properties.machine import ShopLife
from tests.seeds import seeds

EACH = 25
LIVES = settings(
    max_examples=EACH,
    stateful_step_count=50,
    deadline=None,
    suppress_health_check=list(HealthCheck),
    print_blob=True,
    # What a seed lives depends on nothing but the seed.
    database=None,
)


@pytest.mark.parametrize("seed", seeds(short=4))
def test_books_stay_right_whatever_happens(database, request, seed):
    @hypothesis.seed(seed)
    class Life(ShopLife):
        """A shop in this database."""

    Life.database = database

    run_state_machine_as_test(Life, settings=LIVES)
    keep("E1", request.node.callspec.params["database_url"], lives=EACH)
