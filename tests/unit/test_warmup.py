import socket
import subprocess
import sys

from rnn_demo.warmup import send_at_once

CODE = """
import gc, os, sys, threading
from rnn_demo.warmup import warm_up, warm_up_the_rest
warm_up().join()
early = "torch" in sys.modules, "pandas" in sys.modules
assert warm_up_the_rest() is warm_up_the_rest()
warm_up_the_rest().join()
import torch
threads = []
other = threading.Thread(target=lambda: threads.append(torch.get_num_threads()))
other.start(); other.join()
torch.rand(150, 150) @ torch.rand(150, 150)
print(*early, gc.get_freeze_count() > 50_000, "pandas" in sys.modules, threads[0])
"""


def test_heavy_imports_are_taken_from_the_garbage_collector_and_torch_has_one_thread():
    """In a process of its own: what is frozen stays so."""
    done = subprocess.run([sys.executable, "-c", CODE], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["True", "False", "True", "True", "1"]


def no_delay(connection: socket.socket) -> bool:
    return connection.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY) != 0


def test_small_messages_are_sent_at_once_on_connections_made_before_and_after():
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        listening.listen()
        address = listening.getsockname()
        with socket.create_connection(address), listening.accept()[0] as before:
            assert not no_delay(before)
            send_at_once()
            with socket.create_connection(address), listening.accept()[0] as after:
                assert no_delay(before)
                assert no_delay(after)
