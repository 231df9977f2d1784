"""What happens when a process dies or the world does not answer."""
