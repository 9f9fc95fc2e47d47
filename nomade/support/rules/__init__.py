"""What the support decides without asking the base, the clock or the settings."""
