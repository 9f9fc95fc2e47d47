"""What strangers wrote, made harmless: HTML by an allow-list, text as nodes."""
