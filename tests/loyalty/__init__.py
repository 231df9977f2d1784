"""Tests of app/loyalty."""
