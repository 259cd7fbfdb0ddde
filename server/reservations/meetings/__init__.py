"""Video meetings for reservations: a room, and tokens that let one person in."""
