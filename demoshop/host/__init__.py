"""What the platform does for the app: consent, tokens, webhooks, signatures."""
