"""PyTorch code that computes the same tensors as the page Inside."""

import json
from dataclasses import dataclass

from torch import Tensor

from rnn_demo.formats.notebook import notebook
from rnn_demo.inside.compute import Computation, shortest_float
from rnn_demo.inside.state import Index, InsideState

N_PHASES = 5  # frames of a time step: input term, recurrent term, bias, activation, passing on

_CALLS = {"tanh": "torch.tanh({})", "relu": "torch.relu({})", "none": "{}"}


@dataclass(frozen=True)
class GeneratedCode:
    """Code that computes the numbers on screen.

    Attributes:
        name: of its files, without a suffix.
        source: a Python script that leaves the hidden states in `output`.
        notebook: the same as a Jupyter notebook, JSON.
        lines: for each frame of the animation, the line of `source` that runs, from 0.
    """

    name: str
    source: str
    notebook: str
    lines: list[int]


def generate(computation: Computation) -> GeneratedCode:
    """The code of a computation."""
    state = computation.state
    in_a_loop = state.preset.in_a_loop
    head = f'"""{state.model} over {_steps(state)}: the numbers of the page Inside."""'
    imports = "import torch\nfrom torch import nn"
    model, data, run = _model(state), _data(computation), _run(state)
    show = 'for t, Y in enumerate(output):\n    print(f"Y{t} =\\n{Y}")'
    parts = [part for part in (head + "\n\n" + imports, model, data, run + "\n\n" + show) if part]
    source = "\n\n\n".join(parts) if model else "\n\n".join(parts)
    lines = source.splitlines()
    title = f"# {state.model} over {_steps(state)}\n\nThe numbers of the page Inside."
    cells = [imports, *([model] if model else []), data, run, show]
    return GeneratedCode(
        name=state.model.removeprefix("nn.").lower(),
        source=source + "\n",
        notebook=json.dumps(notebook(title, cells)),
        lines=_loop_lines(state, lines) if in_a_loop else _step_lines(state, lines),
    )


def forward_by_hand(state: InsideState) -> str:
    """`forward` of BasicRNN, with one line for each time step."""
    names = [f"X{t}" for t in range(state.n_steps)]
    start = "" if state.hx == "zero" else ", hx"
    code = [f"def forward(self, {', '.join(names)}{start}):"]
    for t, X in enumerate(names):
        before = f"Y{t - 1}" if t else "hx"
        recurrent = "" if t == 0 and state.hx == "zero" else f" + {before} @ self.Wy"
        code.append(
            f"    Y{t} = {_CALLS[state.activation].format(f'{X} @ self.Wx{recurrent} + self.b')}"
        )
    states = ", ".join(f"Y{t}" for t in range(state.n_steps))
    code.append(f"    return {states}" if state.n_steps > 1 else "    return (Y0,)")
    return "\n".join(code)


def loop(state: InsideState, cell: str = "rnn", steps: str | None = None) -> str:
    """The loop around an RNNCell; its length does not depend on the number of time steps.

    Args:
        state: of the page.
        cell: name of the RNNCell in the code.
        steps: number of time steps in the code; that of the state by default.
    """
    call = f"{cell}(X[t], hx)"
    if state.activation == "none":  # which an RNNCell does not support
        call = (
            f"X[t] @ {cell}.weight_ih.T + {cell}.bias_ih + hx @ {cell}.weight_hh.T + {cell}.bias_hh"
        )
    return (
        "output = []\n"
        f"for t in range({steps or state.n_steps}):\n"
        f"    hx = {call}\n"
        "    output.append(hx)"
    )


def _steps(state: InsideState) -> str:
    return f"{state.n_steps} time step{'s' if state.n_steps > 1 else ''}"


def _model(state: InsideState) -> str:
    """The class of the network; "" for a bare RNNCell."""
    if state.model == "nn.RNNCell":
        return ""
    if state.model == "CleanBasicRNN":
        body = loop(state, "self.rnn", "len(X)").replace("\n", "\n        ")
        return f"""class CleanBasicRNN(nn.Module):
    def __init__(self, batch_size, n_inputs, n_neurons):
        super().__init__()
        self.rnn = nn.RNNCell(n_inputs, n_neurons{_nonlinearity(state)})
        self.register_buffer("hx", torch.randn(batch_size, n_neurons))

    def forward(self, X):
        hx = self.hx
        {body}
        return output, hx"""
    forward = forward_by_hand(state).replace("\n", "\n    ")
    return f"""class {state.model}(nn.Module):
    def __init__(self, n_inputs, n_neurons):
        super().__init__()
        self.Wx = nn.Parameter(torch.randn(n_inputs, n_neurons))
        self.Wy = nn.Parameter(torch.randn(n_neurons, n_neurons))
        self.b = nn.Parameter(torch.zeros(1, n_neurons))

    {forward}"""


def _nonlinearity(state: InsideState) -> str:
    return ', nonlinearity="relu"' if state.activation == "relu" else ""


def _data(computation: Computation) -> str:
    """The inputs, the network and hx, with random numbers drawn in the order of the page."""
    state = computation.state
    sizes = f"{state.n_inputs}, {state.n_neurons}"
    code = [_tensor("X", computation.X)]
    if state.scale != 1:
        code.append(f"X = X * {state.scale!r}")
    code.append(f"torch.manual_seed({state.seed})")
    if state.model == "nn.RNNCell":
        code.append(f"rnn = nn.RNNCell({sizes}{_nonlinearity(state)})")
    elif state.model == "CleanBasicRNN":
        code.append(f"model = CleanBasicRNN({state.batch}, {sizes})")
    else:
        code.append(f"model = {state.model}({sizes})")
    hx = "model.hx" if state.model == "CleanBasicRNN" else "hx"
    shape = f"{state.batch}, {state.n_neurons}"
    if state.hx != "random":
        code.append(f"{hx} = torch.zeros({shape})")
    elif state.model != "CleanBasicRNN":
        code.append(f"{hx} = torch.randn({shape})")
    edits = [
        line
        for (name, index), value in sorted(state.edits.items())
        if name != "X"
        for line in _edit(state.model, hx, name, index, value)
    ]
    if edits:
        code += [
            "with torch.no_grad():  # edited numbers",
            *(f"    {line}" for line in edits),
        ]
    return "\n".join(code)


def _edit(model: str, hx: str, name: str, index: Index, value: float) -> list[str]:
    """One edit as code. PyTorch's cells store transposed weights and two biases."""
    at = ", ".join(map(str, index))
    if name == "hx":
        return [f"{hx}[{at}] = {value!r}"]
    if model in ("SingleRNN", "BasicRNN"):
        return [f"model.{name}[{'0, ' if name == 'b' else ''}{at}] = {value!r}"]
    cell = "rnn" if model == "nn.RNNCell" else "model.rnn"
    if name == "b":
        return [f"{cell}.bias_ih[{at}] = {value!r}", f"{cell}.bias_hh[{at}] = 0"]
    transposed = ", ".join(map(str, reversed(index)))
    return [f"{cell}.weight_{'ih' if name == 'Wx' else 'hh'}[{transposed}] = {value!r}"]


def _tensor(name: str, values: Tensor) -> str:
    """A tensor of three dimensions as code, one example on each line."""
    steps = [
        "[" + ",\n      ".join(str([_short(value) for value in row]) for row in step) + "]"
        for step in values.tolist()
    ]
    return (
        f"{name} = torch.tensor(\n    [" + ",\n     ".join(steps) + "],\n    dtype=torch.float,\n)"
    )


def _short(value: float) -> float:
    """A float32 as short as possible in code: an integer if it is whole."""
    short = shortest_float(value)
    return int(short) if short.is_integer() else short


def _run(state: InsideState) -> str:
    if state.model == "nn.RNNCell":
        body = loop(state).replace("\n", "\n    ")
    elif state.model == "CleanBasicRNN":
        body = "output, final = model(X)"
    else:
        body = f"output = model(*X{'' if state.hx == 'zero' else ', hx'})"
    return f"with torch.no_grad():\n    {body}"


def _step_lines(state: InsideState, lines: list[str]) -> list[int]:
    """By hand, each time step has its own line."""
    steps = [_find(lines, f"Y{t} = ") for t in range(state.n_steps)]
    return [line for line in steps for _ in range(N_PHASES)]


def _loop_lines(state: InsideState, lines: list[str]) -> list[int]:
    """In a loop, the same two lines run at every time step."""
    call = _find(lines, "output.append(hx)") - 1
    step = [call] * (N_PHASES - 1) + [call + 1]
    return step * state.n_steps


def _find(lines: list[str], start: str) -> int:
    return next(i for i, line in enumerate(lines) if line.strip().startswith(start))
