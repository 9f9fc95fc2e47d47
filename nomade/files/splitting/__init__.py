"""Cutting a file of many people's pages: shared by the services that split. No database: it runs in other processes."""
