"""New mail told to the page at once: one small process holds IDLE for the mailboxes that are looked at."""
