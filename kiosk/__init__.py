"""The Qt kiosk: door, desk and lobby display."""
