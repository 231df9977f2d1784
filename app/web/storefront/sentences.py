"""What shoppers read, in their language: refusals, ways to earn, terms, history."""

from app.domain.errors import Refusal


def refusal_sentence(refusal: Refusal) -> str:
    """Why something cannot be done."""
    return refusal.message
