"""Shopify's own libraries, schema and theme checker as judges of what we do."""
