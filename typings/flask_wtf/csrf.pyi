# What we use of Flask-WTF, which carries no types of its own.

from werkzeug.exceptions import BadRequest

class CSRFError(BadRequest): ...
