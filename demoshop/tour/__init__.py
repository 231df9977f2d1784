"""The tour: the whole loop, played over HTTP as a merchant and a shopper would play it."""
