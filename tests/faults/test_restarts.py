"""A release under load: web and workers are told to stop and started anew, and nobody notices.

Whoever is being answered is answered; whoever comes while nobody listens finds no connection, as
with a load balancer that has not heard yet, and comes again. No answer is ever an error.
"""

import threading

from sqlalchemy import func, select

from app.models.delivery import Delivery
from app.models.queue import ALL_SHOPS, State
from tests.faults.installation import WORKERS, installed
from tests.figures import keep
from tests.flows.processes import PATIENCE_SECONDS, until
from tests.seeds import is_long

RESTARTS = 5 if is_long() else 1


def test_a_restart_under_load_is_not_noticed(tmp_path, database_url):
    with installed(tmp_path, database_url) as here:
        answers, stop = [], threading.Event()
        customers = [
            threading.Thread(target=ask_again_and_again, args=(here, answers, stop))
            for _ in range(2)
        ]
        for customer in customers:
            customer.start()

        codes = [restart(here, name) for _ in range(RESTARTS) for name in ("web", *WORKERS)]
        answered = len(answers)
        until(lambda: len(answers) > answered + 10)
        stop.set()
        for customer in customers:
            customer.join(PATIENCE_SECONDS)
        here.settle_down()

        with here.database.reading() as session:
            query = select(Delivery.state, func.count()).group_by(Delivery.state)
            states = dict(session.execute(query.execution_options(**ALL_SHOPS)).all())
    assert codes == [0] * len(codes)
    assert set(answers) <= {200}
    assert states.keys() <= {State.DONE}
    keep("restarts", here.database.url.get_backend_name(), restarts=len(codes), asked=len(answers))


def restart(here, name):
    """Tell a program to stop, wait for its end, and start it; how it ended."""
    here.running[name].terminate()
    code = here.running[name].wait(PATIENCE_SECONDS)
    here.start(name)
    if name == "web":
        until(here.is_serving)
    return code


def ask_again_and_again(here, answers, stop):
    """Look at one's points without a pause; note every answer."""
    while not stop.is_set():
        answer = here.ask_for_shopper("GET", "/proxy/me", 7)
        if answer is not None:
            answers.append(answer.status_code)
