"""The theme app extension as it is deployed: before Shopify's theme checker, and by its limits."""

import json
import re
import shutil
import subprocess
import tomllib

import pytest
from marshmallow import ValidationError

from app.cli.manifest import write_asset
from app.manifest.document import load_manifest
from app.platforms.shopify.registration import Registration
from app.web.storefront.places import GoodsLine, Place
from app.web.storefront.script import widget_script
from tests.parts import JUDGES
from tests.source import ROOT

EXTENSION = ROOT / "extensions" / "stamkunde"
CHECKER = ROOT / "tests" / "contracts" / "node" / "theme.mjs"
LIQUID = sorted(EXTENSION.rglob("*.liquid"))
BLOCKS = sorted((EXTENSION / "blocks").glob("*.liquid"))
MOST_LIQUID_BYTES = 100_000
MOST_NAME_LETTERS = 25


@pytest.fixture
def deployed(tmp_path):
    """The extension with its script in it."""
    folder = tmp_path / "stamkunde"
    shutil.copytree(EXTENSION, folder, ignore=shutil.ignore_patterns("assets"))
    write_asset(folder / "assets" / "stamkunde.js")
    return folder


def schema_of(block):
    found = re.search(r"{% schema %}(.*){% endschema %}", block.read_text("utf-8"), re.DOTALL)
    return json.loads(found[1])


def texts_of(kind):
    """What every language says, by the paths of its keys."""
    return {
        path.name.split(".")[0]: dict(_flat(json.loads(path.read_text("utf-8"))))
        for path in (EXTENSION / "locales").glob("*.json")
        if (".schema." in path.name) == (kind == "editor")
    }


def _flat(texts, path=""):
    for key, value in texts.items():
        if isinstance(value, dict):
            yield from _flat(value, f"{path}{key}.")
        else:
            yield f"{path}{key}", value


@pytest.mark.needs("judges")
def test_shopifys_theme_checker_finds_nothing_new(deployed):
    """It counts a script's bytes before they are compressed; what counts for pages comes after."""
    asked = ["node", str(CHECKER), str(JUDGES), str(deployed)]
    told = subprocess.run(asked, capture_output=True, text=True, check=True, timeout=120)

    ruling = json.loads(told.stdout)
    assert [(one["check"], one["file"]) for one in ruling["found"]] == [
        ("AssetSizeAppBlockJavaScript", "stamkunde.liquid")
    ]
    assert ruling["files"] >= len(LIQUID) + 10


@pytest.mark.needs("judges")
def test_the_checker_would_notice(deployed):
    (deployed / "blocks" / "stamkunde.liquid").write_text("{{ 'nothing' | t }}{% if %}")
    asked = ["node", str(CHECKER), str(JUDGES), str(deployed)]
    told = subprocess.run(asked, capture_output=True, text=True, check=True, timeout=120)

    assert len(json.loads(told.stdout)["found"]) >= 1


def test_the_script_is_the_widget_that_we_serve(deployed):
    assert (deployed / "assets" / "stamkunde.js").read_text("utf-8") == widget_script()


def test_the_folder_says_what_it_is():
    said = tomllib.loads((EXTENSION / "shopify.extension.toml").read_text("utf-8"))

    assert said["type"] == "theme"
    assert said["name"] == load_manifest()["handle"]


def test_the_link_to_the_theme_editor_names_the_embed():
    handle = Registration(client_id="x", client_secret="x", scopes=()).embed_handle

    [embed] = [block.stem for block in BLOCKS if schema_of(block)["target"] == "body"]
    assert embed == handle


@pytest.mark.parametrize("kind", ["storefront", "editor"])
def test_every_language_says_everything(kind):
    texts = texts_of(kind)

    assert texts.keys() == set(load_manifest()["locales"])
    assert {language: said.keys() ^ texts["en"].keys() for language, said in texts.items()} == {
        language: set() for language in texts
    }
    assert all(text.strip() for said in texts.values() for text in said.values())


def test_every_text_that_is_named_is_there():
    shown = {
        key for path in LIQUID for key in re.findall(r"'([\w.]+)' \| t\b", path.read_text("utf-8"))
    }
    edited = {
        key for path in BLOCKS for key in re.findall(r'"t:([\w.]+)"', path.read_text("utf-8"))
    }

    assert shown == texts_of("storefront")["en"].keys()
    assert edited == texts_of("editor")["en"].keys()


def test_it_keeps_to_the_limits():
    names = [schema_of(block)["name"].removeprefix("t:") for block in BLOCKS]
    spoken = [texts[name] for texts in texts_of("editor").values() for name in names]

    assert sum(path.stat().st_size for path in LIQUID) < MOST_LIQUID_BYTES
    assert max(map(len, spoken)) < MOST_NAME_LETTERS
    assert all(path.stat().st_size < 15_000 for path in (EXTENSION / "locales").iterdir())


def test_the_places_are_ones_that_the_widget_asks_about():
    kinds = [
        kind for path in BLOCKS for kind in re.findall(r'data-for="(\w+)"', path.read_text("utf-8"))
    ]

    assert sorted(kinds) == ["account", "cart", "product"]
    for kind in kinds:
        Place().load({"for": kind})
    with pytest.raises(ValidationError):
        Place().load({"for": "elsewhere"})


def test_a_line_is_the_list_that_the_places_read():
    """A theme writes prices in hundredths, also of a currency that has none."""
    line = (EXTENSION / "snippets" / "stamkunde-line.liquid").read_text("utf-8").splitlines()[-1]
    told = re.findall(r"{{ ([\w.]+)", line)

    assert told == ["product.id", "quantity", "total", "sku", "product.vendor", "product.gift_card"]
    assert json.loads(re.sub(r"{{.*?}}", "0", line)) == [0] * len(GoodsLine().fields)
    telling = [block for block in BLOCKS if "stamkunde-line" in block.read_text("utf-8")]
    assert {block.stem for block in telling} == {"cart-points", "product-points"}
    assert all('data-unit="100"' in block.read_text("utf-8") for block in telling)


def test_the_balance_is_the_shops_own_knowledge():
    """A page shows points without asking us: they are printed from a field that only we write."""
    balance = (EXTENSION / "snippets" / "stamkunde-balance.liquid").read_text("utf-8")

    assert "customer.metafields['$app'].balance.value" in balance
    assert "data-balance=" in (EXTENSION / "blocks" / "stamkunde.liquid").read_text("utf-8")


@pytest.mark.parametrize("path", LIQUID, ids=lambda path: path.name)
def test_what_is_printed_is_escaped(path):
    """Whatever a merchant or a product is called, it stays a text."""
    printed = re.findall(r"{{-?\s*(.*?)\s*-?}}", path.read_text("utf-8"))

    safe = re.compile(r"\| (escape|json|t|round)\b|^'[\w.]+' \| t|^block\.shopify_attributes$")
    numbers = re.compile(r"^(quantity|total) \| default: \d$")
    assert [one for one in printed if not safe.search(one) and not numbers.search(one)] == []
