"""What opens a mailbox where the portal is no master of the mail server: a password or a token, for a sign-in."""
