"""Leave and absences: rights, requests, decisions, and the calendar that follows from them."""
