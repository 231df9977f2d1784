"""Why the shop says no, in a code for programs and a sentence for people."""


class Refused(Exception):
    """Something the shop will not do."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
