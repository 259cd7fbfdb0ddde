"""One page a face of the kiosk."""
