import subprocess
import sys

CODE = """
import gc, sys
from rnn_demo.warmup import warm_up
thread = warm_up()
assert warm_up() is thread  # once for a server
thread.join()
print(gc.get_freeze_count() > 50_000, "torch" in sys.modules, "pandas" in sys.modules)
"""


def test_heavy_imports_are_taken_from_the_garbage_collector():
    """In a process of its own: what is frozen stays so."""
    done = subprocess.run([sys.executable, "-c", CODE], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["True", "True", "True"]
