"""Tests of who asks, and what they are told."""
