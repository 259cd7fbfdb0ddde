"""Pages of a line: join it, follow one's place in it, show it in the lobby."""
