"""Writing: letters, their drafts, and their way to the server."""
