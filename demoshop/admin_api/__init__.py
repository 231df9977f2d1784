"""The Admin GraphQL API: the operations an app like ours needs, in the platform's own names."""
