"""Images of digits, real and synthetic, and drawings made into images: NumPy only."""
