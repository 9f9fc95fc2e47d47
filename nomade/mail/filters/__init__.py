"""What the mail server does with messages by itself: rules, and the answer of who is away."""
