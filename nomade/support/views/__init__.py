"""Pages of the support, on the portal host and on its own."""
