"""Participants: who is invited, who takes part, and in which sessions."""
