"""A shop that never was: a seeded year of customers, lived through the same verbs as a real one."""
