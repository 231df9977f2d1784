"""A gallery of what shoppers and merchants see, for people to look at: `make gallery`.

The folder is not kept: the pictures are made anew.
"""

import logging
import shutil
from collections.abc import Iterable
from contextlib import ExitStack
from html import escape
from itertools import groupby

from playwright.sync_api import sync_playwright
from rich.progress import track

from tests.browser import gallery_merchants, gallery_shoppers
from tests.parts import CHROMIUM_FLAGS, chromium_path
from tests.source import ROOT

FOLDER = ROOT / "gallery"
PARTS = {
    "What merchants see": gallery_merchants.pictures,
    "What shoppers see": gallery_shoppers.pictures,
}


def written(title: str, shown: Iterable[tuple[str, str]]) -> str:
    """One part of the gallery, as a part of a page."""
    sections = "".join(
        f"<h3>{escape(state)}</h3><div>"
        + "".join(
            f'<figure><a href="{name}"><img loading="lazy" src="{name}" alt=""></a>'
            f"<figcaption>{name}</figcaption></figure>"
            for _, name in names
        )
        + "</div>"
        for state, names in groupby(shown, lambda one: one[0])
    )
    return f"<h2>{escape(title)}</h2>{sections}"


def page_of(parts: Iterable[str]) -> str:
    """The gallery as one page."""
    return (
        '<!doctype html><html lang="en"><meta charset="utf-8"><title>Stamkunde in pictures</title>'
        "<style>body{font:16px/1.5 system-ui;margin:2rem;background:#ddd}"
        "div{display:flex;flex-wrap:wrap;gap:1rem}figure{margin:0}img{max-height:420px}"
        f"figcaption{{font-size:12px}}</style><h1>Stamkunde in pictures</h1>{''.join(parts)}</html>"
    )


def main() -> None:
    """Make the folder anew."""
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    shutil.rmtree(FOLDER, ignore_errors=True)
    FOLDER.mkdir()
    with ExitStack() as stack:
        playwright = stack.enter_context(sync_playwright())
        browser = playwright.chromium.launch(
            executable_path=chromium_path(), args=list(CHROMIUM_FLAGS)
        )
        stack.callback(browser.close)
        taken = {
            title: list(track(pictures(browser, FOLDER), title, total=None))
            for title, pictures in PARTS.items()
        }
    parts = [written(title, shown) for title, shown in taken.items()]
    (FOLDER / "index.html").write_text(page_of(parts), encoding="utf-8")
    print(f"{sum(map(len, taken.values()))} pictures: {FOLDER / 'index.html'}")  # noqa: T201


if __name__ == "__main__":
    main()
