"""The page Draw: a drawing is read row by row."""
