"""The page Train: training runs, live."""
