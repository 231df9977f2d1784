"""What the page of an import tells, for tests to compare."""

import re

TOLD = re.compile(r'<td>(\d+)(?:<br>.*?)?</td>\s*<td>.*?class="(?:reason|hint)">([^<]+)<')
"""A line's number, and what is told of it."""


def tiles(page):
    """What a page tells in figures."""
    return dict(re.findall(r'class="tile"><h2>([^<]+)</h2><p class="figure">([^<]+)<', page))


def told_lines(page):
    """The lines of which a page tells something, each with what."""
    return TOLD.findall(page)
