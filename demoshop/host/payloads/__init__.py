"""The bodies of webhooks, in the platform's own words."""
