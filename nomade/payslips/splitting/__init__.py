"""From a combined PDF to slips: read each page, group pages, cut. No database: it runs in processes of its own."""
