"""Pages on which people book for themselves, and see, move and cancel what they booked."""
