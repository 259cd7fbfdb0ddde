"""Sessions: the talks and workshops of an event."""
