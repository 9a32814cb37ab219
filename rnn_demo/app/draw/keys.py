"""The visitor's choices on the page Draw, in their session."""

SOURCE = "draw/source"  # what is read: "drawing", "digit" or "mistake"
INDEX = "draw/index"  # of the chosen test digit
PANEL = "draw/panel"  # what stands beside the drawing, of `sentences.PANELS`
NETWORK = "draw/network"  # the network that reads; other pages set it too
PEN = "draw/canvas/pen"  # width, pixels
QUESTION = "draw/attribution/question"  # of the panel Why, of `sentences.QUESTIONS`
SECOND_NETWORK = "draw/second_network"  # the network beside it
UPLOADED = "draw/uploaded"  # the network of the visitor's file, a LoadedModel
