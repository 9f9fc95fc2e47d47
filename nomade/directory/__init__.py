"""« Annuaire »: who works where, how to reach them, and the tree of units."""
