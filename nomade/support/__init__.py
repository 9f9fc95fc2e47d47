"""Help for agents, tickets, and the desk of the technicians."""
