"""Tests of the demo shop: that it behaves as the platform does."""
