"""Service points and their walk-up queues: who waits, who is next, and what a display shows."""
