"""What the shop does: one verb per file."""
