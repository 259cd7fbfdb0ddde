"""What is plugged in: cameras and the reading of codes, scanners, loudspeakers; each with its stand-in."""
