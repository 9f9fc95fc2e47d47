"""The paper side of the demo payroll: slips as documents, one combined PDF as payroll software makes it."""
