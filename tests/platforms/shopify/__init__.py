"""Tests of Shopify, with `responses` standing in for it."""
