"""The paths of views, remembered: a page asks for the same ones at each visit, and for one a line in its lists."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from functools import lru_cache

from django.urls import get_resolver, get_script_prefix, get_urlconf, reverse
from django.urls.resolvers import URLResolver

# Stand for an argument while the shape of a path is learnt; both are written in a path as `str` writes them.
_SAMPLES: dict[type, Callable[[int], object]] = {
    uuid.UUID: lambda place: uuid.UUID(int=(0xA0DE << 112) + place),
    int: lambda place: 740_950_210_000 + place,
}


@lru_cache(maxsize=2048)
def _shape(_resolver: URLResolver, _prefix: str, urlconf: str | None, name: str, types: tuple[type, ...]) -> str:
    """`/conges/{}/` for one argument. The resolver in the key tells hosts apart, and a urlconf read anew."""
    samples = [_SAMPLES[kind](place) for place, kind in enumerate(types)]
    path = reverse(name, urlconf, args=samples)
    for sample in samples:
        path = path.replace(str(sample), "{}")
    return path


def path_to(name: str, *args: object, urlconf: str | None = None) -> str:
    """`reverse`, on the host of this request or in a urlconf; far cheaper when arguments are numbers or UUIDs."""
    types = tuple(type(argument) for argument in args)
    if not all(kind in _SAMPLES for kind in types):
        return reverse(name, urlconf, args=args)
    return _shape(get_resolver(urlconf or get_urlconf()), get_script_prefix(), urlconf, name, types).format(*args)
