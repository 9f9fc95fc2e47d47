"""Views of the personal file, one module a reader."""
