"""Whole stories, told through the front door with the real processes."""
