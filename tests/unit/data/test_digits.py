"""Labelled images of digits."""

import numpy as np

from rnn_demo.data.digits import first_row_with_ink


def test_the_first_row_with_ink_is_the_first_that_is_not_all_paper():
    image = np.zeros((28, 28), np.uint8)
    assert first_row_with_ink(image) == 0
    image[9, 27] = 1
    image[20] = 255
    assert first_row_with_ink(image) == 9
    image[0, 0] = 1
    assert first_row_with_ink(image) == 0
