"""Tests of what a shop's other tools ask."""
