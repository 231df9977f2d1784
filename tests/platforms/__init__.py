"""Tests of the host platforms: what we make of what they say, and what we ask of them."""
