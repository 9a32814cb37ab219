"""The page Digits: a batch of images, as rows of numbers."""
