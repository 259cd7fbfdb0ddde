"""What people do at a kiosk: scan at the door, run the line at the desk, look at the display. No screen."""
