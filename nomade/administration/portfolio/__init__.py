"""« Mon portefeuille »: the agents of an HR officer, what waits for them, letters to them."""
