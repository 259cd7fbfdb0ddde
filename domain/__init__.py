"""The rules that kiosk and server both obey: no I/O, no clock, no framework."""
