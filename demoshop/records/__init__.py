"""What the demo shop remembers: one noun per file."""
