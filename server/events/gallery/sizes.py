"""How large a picture may be that comes in: apart from what decodes it, which a server never imports."""

BYTES, PIXELS = 20 * 2**20, 50_000_000
