"""Light and heavy modules: the first page does without torch and pandas.

Gains time from `streamlit run` to the first page: 0.7 s instead of 2.3 s (3.3 times; 1.9 to 3.6 in
seven pairs), because torch and pandas take longer to import than everything else together.
`streamlit_app`, the pages Draw and Inside and what they import at their top are light, and show
what was computed before (`rnn_demo.app.draw.first_reading`, `rnn_demo.inside.initial_payload`).
Whatever computes is heavy; a light module imports it inside the function that needs it. After the
first page, all heavy modules are imported in the background. A visitor who needs one earlier, for
a stroke, an edit or a link, waits for it.
"""

import sys
from importlib import import_module

# In the order in which a visitor needs them: a stroke, a panel, an edit, another page.
MODULES = (
    "rnn_demo.app.draw.model_picker",
    "rnn_demo.app.draw.upload",
    "rnn_demo.data.strokes",
    "rnn_demo.app.draw.figures",
    "rnn_demo.inside.payload",
    "rnn_demo.app.inside.sections",
    "rnn_demo.training.checkpoint",
)


def are_imported() -> bool:
    """Whether the largest of them is there, so that using the others is no long wait."""
    return "torch" in sys.modules


def import_all() -> None:
    """Import the heavy modules."""
    for name in MODULES:
        import_module(name)
