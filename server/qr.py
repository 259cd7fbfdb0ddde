"""QR pictures of a text: error correction M, a quiet zone of 4 modules, in the smallest version that fits."""

from functools import lru_cache
from io import BytesIO

# What draws is large, and imported where something is drawn.
_QUIET_ZONE = 4
_PIXELS = 12


def svg(text: str) -> str:
    """An SVG picture, black on white, that scales to any size."""
    rows = modules(text)
    size = len(rows)
    path = "".join(f"M{x} {y}h1v1h-1z" for y, row in enumerate(rows) for x, dark in enumerate(row) if dark)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {size} {size}" shape-rendering="crispEdges">'
        f'<path fill="#fff" d="M0 0h{size}v{size}H0z"/><path d="{path}"/></svg>'
    )


def png(text: str) -> bytes:
    """A PNG picture with 12 pixels a module."""
    from PIL import Image

    rows = modules(text)
    size = len(rows)
    small = Image.new("1", (size, size), 1)
    small.putdata([0 if dark else 1 for row in rows for dark in row])
    out = BytesIO()
    small.resize((size * _PIXELS, size * _PIXELS), Image.Resampling.NEAREST).save(out, "PNG")
    return out.getvalue()


@lru_cache(maxsize=64)
def modules(text: str) -> list[list[bool]]:
    """The rows of a picture, quiet zone included; true is dark."""
    import qrcode

    code = qrcode.QRCode(error_correction=qrcode.constants.ERROR_CORRECT_M, border=_QUIET_ZONE)
    code.add_data(text)
    rows: list[list[bool]] = code.get_matrix()
    return rows
