"""The tests: each says in its name what is true."""
