"""`stamkunde worker`: work on what has come in and what must go out."""

import os
import signal
import threading

import click

from app.cli.db import current_database
from app.cli.say import Complaint
from app.cli.serving import set_aside, worker_of
from app.config import read_settings
from app.jobs.worker import Worker
from app.web.logs import set_up_logs


@click.command("worker")
def command() -> None:
    """Work on inbox, outbox and schedule until told to stop; any number may run."""
    settings = read_settings()
    set_up_logs(settings)
    with current_database(settings):
        pass
    set_aside()
    stop = threading.Event()
    waited_for = {signal.SIGINT, signal.SIGTERM}
    # The signals go to this thread, which only waits: the worker never sees itself interrupted.
    signal.pthread_sigmask(signal.SIG_BLOCK, waited_for)
    working = threading.Thread(target=_work, args=(worker_of(settings), stop), name="worker")
    working.start()
    signal.sigwait(waited_for)
    failed = stop.is_set()
    stop.set()
    working.join()
    if failed:
        raise Complaint("The worker has failed; what it said last is above.")


def _work(worker: Worker, stop: threading.Event) -> None:
    """Work until told to stop; when it ends otherwise, wake the one who waits for a signal."""
    try:
        worker.run(stop)
    finally:
        if not stop.is_set():
            stop.set()
            os.kill(os.getpid(), signal.SIGTERM)
