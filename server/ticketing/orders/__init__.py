"""Orders: places held, paid for, turned into tickets, given back."""
