"""What a shop's other tools may ask, each with a key of its own: a till, a review app, a shop."""
