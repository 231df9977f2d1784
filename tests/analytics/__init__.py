"""Tests of the figures, each against a computation of its own."""
