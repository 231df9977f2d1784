"""The back office: what the merchant sees, and the demo's levers."""
