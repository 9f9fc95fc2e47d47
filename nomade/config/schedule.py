"""What runs without anybody asking: each service's `tasks.py` declares its periodic jobs; all are found by name."""

from __future__ import annotations

from procrastinate import App


def on_ready(app: App) -> None:
    """Called once by procrastinate when Django is ready; the worker picks jobs of every queue."""
    app.perform_import_paths()  # type: ignore[no-untyped-call]
