"""`stamkunde demo` as a process: its addresses, its neighbors, and every way in which it ends."""

import os
import signal
import sys

import requests

from tests.flows.processes import (
    RunningDemo,
    alive,
    descendants,
    processes,
    running_demo,
    stamkunde,
    until,
)


def test_a_second_start_keeps_the_addresses(tmp_path):
    with running_demo(tmp_path) as demo:
        first = demo.ready()
        again = stamkunde("demo", instance=tmp_path)
    with running_demo(tmp_path) as demo:
        second = demo.ready()

    assert again.returncode == 1
    assert first["shop_url"] in again.stderr
    assert (first["app_url"], first["shop_url"]) == (second["app_url"], second["shop_url"])


def test_a_program_that_dies_ends_the_demo_with_its_name(tmp_path):
    with running_demo(tmp_path) as demo:
        family = demo.family()
        shop_url = demo.ready()["shop_url"]
        assert requests.get(shop_url, timeout=10).ok
        os.kill(min(family), signal.SIGKILL)

        assert demo.process.wait(30) == 1
        assert "has ended with -9" in demo.said()
        until(lambda: not alive(family))


if sys.platform == "linux":

    def test_not_even_a_killed_supervisor_leaves_a_process(tmp_path):
        with running_demo(tmp_path) as demo:
            family = demo.family()
            demo.process.kill()

            until(lambda: not alive(family))


def test_a_reset_forgets_everything_but_secrets_and_addresses(tmp_path):
    with running_demo(tmp_path) as demo:
        before = demo.ready()
        requests.post(
            f"{before['shop_url']}/demo/api/orders",
            json={"persona": "astrid", "lines": [{"product": "fjord-cup"}]},
            timeout=10,
        ).raise_for_status()
    secrets = (tmp_path / "secrets.json").read_text()

    demo = RunningDemo(tmp_path, arguments=["--reset"])
    after = demo.ready()
    orders = requests.get(f"{after['shop_url']}/demo/api/state?light=0", timeout=10).json()[
        "orders"
    ]
    demo.interrupt()

    assert orders == []
    assert after["shop_url"] == before["shop_url"]
    assert (tmp_path / "secrets.json").read_text() == secrets


def test_the_demo_is_not_for_production(tmp_path):
    refused = stamkunde("demo", instance=tmp_path, STAMKUNDE_ENV="production")

    assert refused.returncode == 1
    assert "not for production" in refused.stderr
    assert "Traceback" not in refused.stderr


def test_a_killed_web_process_is_replaced_with_its_worker(tmp_path):
    with running_demo(tmp_path) as demo:
        app = max(child for child, parent in processes().items() if parent == demo.process.pid)
        (serving,) = descendants(app)
        os.kill(serving, signal.SIGKILL)

        until(lambda: descendants(app) - {serving})
        tour = stamkunde("tour", instance=tmp_path)

    assert tour.returncode == 0, tour.stdout
