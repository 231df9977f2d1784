"""The promise of the product, over real HTTP: `stamkunde demo` runs, `stamkunde tour` agrees."""

import pytest

from tests.flows.processes import alive, running_demo, stamkunde


@pytest.fixture(
    params=["sqlite", pytest.param("postgresql", marks=pytest.mark.needs("postgresql"))]
)
def fresh_url(request):
    """No database yet: SQLite's file is made on the way, PostgreSQL's is there and empty."""
    if request.param == "sqlite":
        return ""
    return request.getfixturevalue("empty_postgres_url")


def test_two_tours_agree_and_nothing_is_left_behind(tmp_path, fresh_url):
    with running_demo(tmp_path, fresh_url) as demo:
        tours = [stamkunde("tour", instance=tmp_path, database_url=fresh_url) for _ in range(2)]
        verified = stamkunde("verify", instance=tmp_path, database_url=fresh_url)
        family = demo.family()
        exit_code = demo.interrupt()

        assert [tour.returncode for tour in tours] == [0, 0], tours[0].stdout + tours[1].stdout
        assert verified.returncode == 0, verified.stdout
        assert exit_code == 0
        assert len(family) >= 4
        assert alive(family) == set()


def test_a_tour_without_a_demo_brings_its_own(tmp_path):
    tour = stamkunde("tour", instance=tmp_path)

    assert tour.returncode == 0, tour.stdout
    assert "thrown away" in tour.stdout
    assert not (tmp_path / "stamkunde.db").exists()
