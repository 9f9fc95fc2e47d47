"""« Mes outils »: the organisation's other applications, for those who use them."""
