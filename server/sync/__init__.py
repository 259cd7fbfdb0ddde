"""What kiosks copy, follow and send."""
