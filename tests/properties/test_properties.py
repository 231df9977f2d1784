"""Whatever happens to a shop, its books are right after every step.

`make check` runs some examples on each database; `make properties` runs many more of them.
"""

import os

from hypothesis import HealthCheck, settings
from hypothesis.stateful import run_state_machine_as_test

from tests.properties.machine import ShopLife

EXAMPLES = int(os.environ.get("STAMKUNDE_EXAMPLES", "25"))
STEPS = 50
LIVES = settings(
    max_examples=EXAMPLES,
    stateful_step_count=STEPS,
    deadline=None,
    suppress_health_check=list(HealthCheck),
    print_blob=True,
    # A check that fails shall mean that the code has changed; `make properties` seeks new lives.
    derandomize="STAMKUNDE_EXAMPLES" not in os.environ,
)


def test_books_stay_right_whatever_happens(database):
    class Life(ShopLife):
        """A shop in this database."""

    Life.database = database

    run_state_machine_as_test(Life, settings=LIVES)
