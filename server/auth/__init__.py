"""Who is calling: organisations, staff, devices, tokens, and what each route lets in."""
