"""Shopify: what it signs, what it says, and what we ask of it."""
