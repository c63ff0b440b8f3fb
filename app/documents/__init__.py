"""Documents on paper: frozen data in, PDF bytes out. Knows no Flask, no database and no clock."""
