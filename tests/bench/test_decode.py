"""The benchmark of decoding, on pictures of one's own."""

from pathlib import Path

import qrcode

from bench import decode


def test_the_text_beside_a_picture_is_taken_as_it_is(tmp_path: Path) -> None:
    """A ticket's code may begin or end with a space, which is a letter of base45."""
    for name, text in (("first", " 7WQ"), ("last", "7WQ ")):
        code = qrcode.QRCode(border=4)
        code.add_data(text)
        code.make_image().save(tmp_path / f"{name}.png")
        (tmp_path / f"{name}.txt").write_text(f"{text}\n", "utf-8")
    pipeline = next(row for row in decode.run(tmp_path).rows if row.name == "pipeline")
    assert pipeline.values["recall"] == 1
    assert pipeline.values["false"] == 0
