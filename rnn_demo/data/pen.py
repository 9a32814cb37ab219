"""The canvas and its pen, for a page that is on screen before NumPy is imported."""

SIDE = 280  # of the canvas, pixels
PEN_WIDTH = 20  # of the usual pen, pixels
PEN_WIDTHS = 8, 40  # that a visitor may choose, from the thinnest to the thickest, pixels
INK = "#ea580c"  # visible on light and on dark, so that a change of theme keeps the drawing
