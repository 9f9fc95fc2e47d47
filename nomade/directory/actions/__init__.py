"""What writes the directory, one file an object."""
