"""Every point at which a process could die: around each commit, and around each call to a platform.

They are counted as a run passes them, and at one of them the run ends as if it had been killed:
with something that no code of ours catches.
"""

import re
from contextlib import contextmanager

import responses
from sqlalchemy import event
from sqlalchemy.orm import Session


class Killed(BaseException):
    """The process is gone."""


class Points:
    """Counts the points that are passed; dies at one of them, if it was told at which."""

    def __init__(self):
        self.fatal, self.passed = None, []

    def arm(self, number):
        """Start counting anew, and die at the point of this number; None never dies."""
        self.fatal, self.passed = number, []

    def passing(self, what):
        """Pass a point."""
        self.passed.append(what)
        if len(self.passed) == self.fatal:
            raise Killed(what)


@contextmanager
def around_commits(points, engine):
    """Pass a point before and after each commit of a database."""

    def before(_connection):
        points.passing("before a commit")

    def after(session):
        if session.get_bind() is engine:
            points.passing("after a commit")

    event.listen(engine, "commit", before)
    event.listen(Session, "after_commit", after)
    try:
        yield
    finally:
        event.remove(engine, "commit", before)
        event.remove(Session, "after_commit", after)


@contextmanager
def around_calls(points, host, origin):
    """Pass a point before a call reaches the host, and after it was carried out there."""

    def carry(request):
        path = request.url.removeprefix(origin)
        points.passing(f"before a call of {path}")
        answer = host.open(
            path, method=request.method, data=request.body, headers=dict(request.headers)
        )
        points.passing(f"after a call of {path}")
        return answer.status_code, dict(answer.headers), answer.data

    with responses.RequestsMock(assert_all_requests_are_fired=False) as network:
        for method in ("GET", "POST"):
            network.add_callback(method, re.compile(re.escape(origin)), callback=carry)
        yield
