"""The widget's script as browsers get it: the same program without comments and indentation.

It is read by people in widget.js, and its size is a budget. Names stay as they are, so that what a
merchant finds in their browser is what is written there.
"""

import re
from functools import cache
from pathlib import Path

import rjsmin

SOURCE = Path(__file__).with_name("widget.js")

_STYLES = re.compile(r"(?<=const STYLES=`)[^`]*")
_AROUND = re.compile(r"\s*([{};,])\s*|(?<=:)\s+")
_LAST_MARK = re.compile(r",(?=[]}])|;(?=})")


@cache
def widget_script() -> str:
    """The script, squeezed; made once, since it never changes while we run."""
    text: str = _LAST_MARK.sub("", rjsmin.jsmin(SOURCE.read_text("utf-8")))
    return _STYLES.sub(lambda found: squeezed_styles(found[0]), text)


def squeezed_styles(text: str) -> str:
    """A style sheet without the blanks that mean nothing.

    Those before a colon and around a bracket stay: there a blank may mean a descendant.
    """
    return _AROUND.sub(r"\1", " ".join(text.split()))
