"""Light and heavy modules: the first page does without torch and pandas.

Gains time from `streamlit run` to the first page: 0.7 s instead of 2.3 s (3.3 times; 1.9 to 3.6 in
seven pairs), because torch and pandas take longer to import than everything else together.
`streamlit_app`, the page Inside and what they import at their top are light, and show a payload
that was computed before (`rnn_demo.inside.initial_payload`). Whatever computes is heavy; a light
module imports it inside the function that needs it. After the first page, all heavy modules are
imported in the background. A visitor who needs one earlier, for an edit or a link, waits for it.
"""

from importlib import import_module

# In the order in which a visitor needs them: an edit, a section under the diagram, another page.
MODULES = (
    "rnn_demo.inside.payload",
    "rnn_demo.app.inside.sections",
    "rnn_demo.training.checkpoint",
)


def import_all() -> None:
    """Import the heavy modules."""
    for name in MODULES:
        import_module(name)
