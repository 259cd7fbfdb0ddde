"""The sample organisation: two events, tickets with people's names, service points, an administrator."""

from server.seed.make import SeedError, seed

__all__ = ["SeedError", "seed"]
