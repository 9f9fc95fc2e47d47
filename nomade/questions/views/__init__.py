"""Pages of « Poser une question »."""
