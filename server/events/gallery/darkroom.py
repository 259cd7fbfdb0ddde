"""A program of its own that makes one picture anew: a decoder that fails takes only itself along.

    python -m server.events.gallery.darkroom FOLDER < picture

It writes `full` and `thumb` into the folder, and says in JSON what they show, what is wrong with the
picture, or why the files could not be written.
"""

import json
import os
import sys
from contextlib import suppress
from hashlib import blake2b
from io import BytesIO
from pathlib import Path

from PIL import Image

from domain.errors import Problem
from server.events.gallery.decoding import opened, plain
from server.events.gallery.sizes import BYTES

EDGES = {"full": (8192, 88), "thumb": (512, 80)}
"""The longest side in pixels, and the quality."""
_MEMORY, _SECONDS = 3 * 2**29, 60
_POLITE = 10


def main(folder: Path) -> dict[str, object]:
    """What is to be said."""
    try:
        image = plain(opened(BytesIO(sys.stdin.buffer.read(BYTES + 1))))
    except Problem as problem:
        return {"problem": type(problem).__name__, "detail": problem.detail, "code": problem.code}
    try:
        full, width, height = _written(image, "full", folder), *image.size
        _written(image, "thumb", folder)
    except OSError as fault:
        return {"errno": fault.errno}
    content = blake2b(full.read_bytes(), digest_size=16).hexdigest()
    return {"content": content, "width": width, "height": height}


def _written(image: Image.Image, size: str, folder: Path) -> Path:
    edge, quality = EDGES[size]
    image.thumbnail((edge, edge), reducing_gap=3)
    path = folder / size
    with path.open("wb") as file:
        image.save(file, "JPEG", quality=quality)
        file.flush()
        os.fsync(file.fileno())
    return path


def _restrain() -> None:
    """Neither all of the memory nor all of the time, after whoever has work to do, and first to go."""
    with suppress(OSError):
        Path("/proc/self/oom_score_adj").write_text("1000")
    with suppress(ImportError, OSError, ValueError):
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (_MEMORY, _MEMORY))
        resource.setrlimit(resource.RLIMIT_CPU, (_SECONDS, _SECONDS))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        os.nice(_POLITE)


if __name__ == "__main__":
    _restrain()
    json.dump(main(Path(sys.argv[1])), sys.stdout)
