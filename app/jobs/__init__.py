"""What happens later: events in by the inbox, effects out by the outbox, chores by the clock."""
