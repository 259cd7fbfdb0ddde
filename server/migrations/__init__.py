"""Schema changes, in order; they import nothing of the rest, so that an old one means the same for ever."""
