"""Tables that other loyalty programs hand out: how they are written, and what they say of whom."""
