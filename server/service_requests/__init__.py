"""Service requests: devices taken in for repair, their estimates, and what becomes of them."""
