"""The look that a person or an organisation chose: theme, brand colour."""

from __future__ import annotations

import math

from django.http import HttpRequest

THEME_COOKIE = "__Host-theme"
THEMES = ("light", "dark")


def theme_of(request: HttpRequest) -> str:
    """`light`, `dark`, or an empty string when the device decides."""
    chosen = request.COOKIES.get(THEME_COOKIE, "")
    return chosen if chosen in THEMES else ""


def _linear(channel: int) -> float:
    value = channel / 255
    return value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4


def hue_and_chroma(colour: str) -> tuple[float, float]:
    """Hue (degrees) and chroma of a `#rrggbb` colour in OKLCH (Björn Ottosson, « A perceptual color space », 2020)."""
    red, green, blue = (_linear(int(colour[i : i + 2], 16)) for i in (1, 3, 5))
    long = math.cbrt(0.4122214708 * red + 0.5363325363 * green + 0.0514459929 * blue)
    medium = math.cbrt(0.2119034982 * red + 0.6806995451 * green + 0.1073969566 * blue)
    short = math.cbrt(0.0883024619 * red + 0.2817188376 * green + 0.6299787005 * blue)
    a = 1.9779984951 * long - 2.4285922050 * medium + 0.4505937099 * short
    b = 0.0259040371 * long + 0.7827717662 * medium - 0.8086757660 * short
    return math.degrees(math.atan2(b, a)) % 360, math.hypot(a, b)


def brand_css(colour: str) -> str:
    """The style sheet that gives the portal a city's hue.

    Only hue and chroma are taken: lightness stays ours, so that contrast holds whatever the colour, in both themes.
    """
    hue, chroma = hue_and_chroma(colour)
    return f"@layer tokens{{:root:root{{--brand-hue:{hue:.1f};--brand-chroma:{min(chroma, 0.12):.3f}}}}}\n"
