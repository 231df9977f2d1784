"""What a shop platform must know about the app, in one file that no platform owns.

`plugin_manifest.json` is written by hand; the platforms' own files are generated from it.
"""
