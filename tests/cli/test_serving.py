"""The web as gunicorn's processes have it."""

import gc

import pytest

from app.cli.serving import Server
from tests.web.conftest import some_settings


@pytest.fixture
def served():
    """The web, as it is before its first request."""
    yield Server(some_settings(), {}, with_worker=False).load()
    gc.unfreeze()


def test_nobody_looks_for_garbage_among_what_is_loaded(served):
    looked_at = gc.get_objects()

    assert not any(one is served for one in looked_at)
    assert gc.get_freeze_count() > 20 * len(looked_at)
