"""What every test may ask for, gathered from the files that make it."""

pytest_plugins = ["tests.parts", "tests.databases"]
