"""Nonsense of every kind, at every door: answered, understood or refused, and never obeyed."""
