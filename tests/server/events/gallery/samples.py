"""Pictures as people send them, and files that only look like pictures."""

import struct
import zlib
from io import BytesIO
from pathlib import Path
from typing import Any

from PIL import Image, ImageCms

RED, BLUE = (200, 30, 30), (30, 30, 200)
HEIC = (Path(__file__).parent / "turned.heic").read_bytes()
"""64 × 48, blue on the left and red on the right, to be turned by a quarter to the right."""
CRASHING = (Path(__file__).parent / "crashing.heic").read_bytes()
"""The same with three bytes changed, on which a decoder ends the whole process."""
SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'


def two_colours(width: int = 64, height: int = 48, mode: str = "RGB") -> Image.Image:
    """Blue on the left, red on the right."""
    image = Image.new("RGB", (width, height), RED)
    image.paste(BLUE, (0, 0, width // 2, height))
    return image.convert(mode, palette=Image.Palette.ADAPTIVE)


def encoded(image: Image.Image, kind: str = "JPEG", **more: Any) -> bytes:
    out = BytesIO()
    image.save(out, kind, **more)
    return out.getvalue()


def jpeg(width: int = 64, height: int = 48, **more: Any) -> bytes:
    return encoded(two_colours(width, height), quality=92, **more)


def with_metadata(orientation: int = 1) -> bytes:
    """What a phone writes beside a picture."""
    exif = Image.Exif()
    exif[0x0112] = orientation
    exif[0x010F] = "SecretCamera"
    exif.get_ifd(0x8825)[2] = (52.0, 30.0, 0.0)
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    return jpeg(exif=exif, icc_profile=profile, comment=b"SecretComment")


def png_of_size(width: int, height: int) -> bytes:
    """A few bytes that say that they are a picture of that size."""
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    chunks = ((b"IHDR", header), (b"IDAT", zlib.compress(bytes(1000))), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        for kind, data in chunks
    )


def webp_of_size(width: int, height: int) -> bytes:
    """An extended WebP file that says how large its canvas is."""
    canvas = bytes(4) + (width - 1).to_bytes(3, "little") + (height - 1).to_bytes(3, "little")
    body = b"WEBPVP8X" + struct.pack("<I", 10) + canvas + encoded(two_colours(), "WEBP")[12:]
    return b"RIFF" + struct.pack("<I", len(body)) + body
