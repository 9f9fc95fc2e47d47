"""Reading: folders, lists, messages, and what the content host shows of them."""
