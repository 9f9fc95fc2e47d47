"""« Actualités »: what the organisation tells its agents, to whom it concerns, and who has read what must be read."""
