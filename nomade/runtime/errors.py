"""Why a start is refused."""

from __future__ import annotations


class StartRefused(Exception):
    """Something on the machine prevents the start; the text is one French sentence for the operator."""
