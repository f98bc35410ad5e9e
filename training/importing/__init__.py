"""A log of training that an office kept in a spreadsheet: read, understood, shown, counted by a yes, taken back."""
