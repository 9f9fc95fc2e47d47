"""The picture of a page: light, and of the colours of its paper."""

from __future__ import annotations

import io

import pytest
from PIL import Image, ImageDraw

from nomade.files.drawing import HEAVIEST, page_picture

TINT, LETTER, MARK = (236, 242, 251), (24, 60, 128), (200, 30, 20)


def _png(image: Image.Image) -> bytes:
    out = io.BytesIO()
    image.save(out, "PNG")
    return out.getvalue()


def test_a_page_of_text_keeps_its_colours_however_rare() -> None:
    page = Image.new("RGB", (1080, 1500), "white")
    pen = ImageDraw.Draw(page)
    pen.rectangle((50, 50, 900, 400), fill=TINT)
    for row in range(40):
        pen.text((60, 60 + 30 * row), "Traitement indiciaire 1 895,27 €", fill=LETTER, font_size=22)
    pen.point((1000, 1400), fill=MARK)
    drawn = page_picture(_png(page), 0, content_type="image/png")
    with Image.open(io.BytesIO(drawn.content)) as seen:
        colours = [seen.convert("RGB").getpixel(place) for place in ((850, 60), (1000, 1400), (10, 10))]
    assert (drawn.content_type, colours) == ("image/png", [TINT, MARK, (255, 255, 255)])


@pytest.mark.parametrize("spread", [90, 4])
def test_a_photograph_of_many_colours_stays_under_the_weight(spread: int) -> None:
    parts = [Image.effect_noise((1400, 2000), spread) for _ in range(3)]
    drawn = page_picture(_png(Image.merge("RGB", parts)), 0, content_type="image/png")
    with Image.open(io.BytesIO(drawn.content)) as seen:
        assert seen.width >= 360
    assert len(drawn.content) <= HEAVIEST
