"""Numbers for the browser as packed float32; `assets/shared/float32.js` unpacks them."""

import base64

import numpy as np
import numpy.typing as npt


def packed(values: npt.NDArray[np.number]) -> str:
    """Little-endian float32 in base64: exact, and a third of the length of a JSON list.

    Args:
        values: of any shape, which the text does not keep.
    """
    return base64.b64encode(values.astype("<f4").tobytes()).decode()
