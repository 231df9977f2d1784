"""What a shop's records come to: figures that are computed set-wise, in the database."""
