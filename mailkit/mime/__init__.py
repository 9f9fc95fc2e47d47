"""Messages as bytes: read whatever arrives, write only what reads back as it was meant."""
