"""Taking money: one small interface, and the providers behind it."""
