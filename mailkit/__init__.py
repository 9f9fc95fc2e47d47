"""Mail for a web application, in plain Python: IMAP sessions, tolerant MIME, HTML made harmless, submission.

It knows no framework. What goes in and out is frozen dataclasses and bytes; what goes wrong is one `MailError`.
"""
