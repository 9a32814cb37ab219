"""What the page Inside computes: a small network, unrolled in time."""
