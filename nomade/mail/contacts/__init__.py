"""People to write to: contacts, groups, the directory, those written to lately."""
