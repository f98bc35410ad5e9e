"""Everything of one partnership in one archive, and such an archive brought into another installation."""
