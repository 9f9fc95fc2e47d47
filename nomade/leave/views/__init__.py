"""Pages of leave: one's own, those one decides, the team."""
