"""How a merchant lets us into their shop, and gets into our admin."""
