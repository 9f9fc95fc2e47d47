"""The only writers of the personal file."""
