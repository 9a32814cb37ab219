"""The page Inside: a small network unrolled in time."""
