"""Talking to the server: copies, changes, acts sent, questions with a deadline; on a thread of its own."""
