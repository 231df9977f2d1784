"""What every test may ask for, gathered from the files that make it."""

from hypothesis import settings

pytest_plugins = ["tests.parts", "tests.databases", "tests.figures", "pytester"]

# How long an example takes says more about the machine than about the code.
settings.register_profile("stamkunde", deadline=None)
settings.load_profile("stamkunde")
