"""The demo shop: a miniature host platform that speaks only HTTP with the app."""
