"""What agents and officers type in the personal file."""
