"""Stamkunde: points, tiers and rewards for the customers who come back."""
