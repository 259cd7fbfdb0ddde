"""The parts that pages are made of; each takes a value and shows it."""
