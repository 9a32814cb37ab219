"""Numbers on their way to the browser, whose end is `assets/components/packed.js`."""

import base64

import numpy as np
import numpy.typing as npt


def packed(values: npt.NDArray[np.number]) -> str:
    """Little-endian float32 in base64: exact, and a third of the text of a list.

    Args:
        values: of any shape, which is not sent.
    """
    return base64.b64encode(values.astype("<f4").tobytes()).decode()
