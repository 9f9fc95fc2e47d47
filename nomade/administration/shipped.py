"""Letters to begin with; human resources rewrite them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

DATA = Path(__file__).parent / "data" / "letters.json"


def fill_tables(**_kwargs: Any) -> None:
    """Receives `post_migrate`, which also comes when tests empty the base; does nothing once there are letters."""
    from nomade.administration.models import LetterTemplate

    if LetterTemplate.objects.exists():
        return
    LetterTemplate.objects.bulk_create(LetterTemplate(**row) for row in json.loads(DATA.read_text(encoding="utf-8")))
