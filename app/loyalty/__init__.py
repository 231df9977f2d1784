"""What we do: one verb per file, each a promise about points that holds in one transaction."""
