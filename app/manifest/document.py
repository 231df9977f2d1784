"""The manifest as it lies beside the code."""

import json
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
MANIFEST = ROOT / "plugin_manifest.json"
SHOPIFY_TOML = ROOT / "shopify.app.toml"
SCHEMA = Path(__file__).with_name("plugin_manifest.schema.json")

Manifest = dict[str, Any]


def load_manifest(path: Path = MANIFEST) -> Manifest:
    """The manifest, as it is written."""
    manifest: Manifest = json.loads(path.read_text(encoding="utf-8"))
    return manifest


def schema() -> Manifest:
    """What every manifest must look like, as JSON Schema."""
    return load_manifest(SCHEMA)
