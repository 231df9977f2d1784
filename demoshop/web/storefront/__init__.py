"""The storefront: what shoppers see."""
