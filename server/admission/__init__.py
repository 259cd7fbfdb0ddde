"""The door: check-in lists, scans, verdicts."""
