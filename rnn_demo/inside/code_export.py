"""A state of the flow lab as PyTorch that computes the same tensors."""

import json
from dataclasses import dataclass

from torch import Tensor

from rnn_demo.formats.notebook import notebook
from rnn_demo.inside.compute import Lab
from rnn_demo.inside.state import Index, LabState

PHASES = 5  # input term, recurrent term, bias, activation, handing on

_CALLS = {"tanh": "torch.tanh({})", "relu": "torch.relu({})", "none": "{}"}


@dataclass(frozen=True)
class Twin:
    """Code that computes what is on screen.

    Attributes:
        name: of its files, without an ending.
        source: a Python script; run, it holds the hidden states in `output`.
        notebook: the same as a Jupyter notebook, JSON.
        lines: for each frame of the picture, the line of `source` that runs, from 0.
    """

    name: str
    source: str
    notebook: str
    lines: list[int]


def twin(lab: Lab) -> Twin:
    """The code twin of what was computed."""
    state = lab.state
    in_a_loop = state.preset.in_a_loop
    head = f'"""{state.model} over {_steps(state)}: the numbers of the flow lab."""'
    imports = "import torch\nfrom torch import nn"
    model = _model(state)
    data = _data(lab)
    run = _run(state)
    show = 'for t, Y in enumerate(output):\n    print(f"Y{t} =\\n{Y}")'
    parts = [part for part in (head + "\n\n" + imports, model, data, run + "\n\n" + show) if part]
    source = "\n\n\n".join(parts) if model else "\n\n".join(parts)
    lines = source.splitlines()
    title = f"# {state.model} over {_steps(state)}\n\nThe numbers of the flow lab."
    cells = [imports, *([model] if model else []), data, run, show]
    return Twin(
        name=state.model.removeprefix("nn.").lower(),
        source=source + "\n",
        notebook=json.dumps(notebook(title, cells)),
        lines=_loop_lines(state, lines) if in_a_loop else _step_lines(state, lines),
    )


def forward_by_hand(state: LabState) -> str:
    """`forward` of BasicRNN, which grows by a line with every time step."""
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


def loop(state: LabState, cell: str = "rnn", steps: str | None = None) -> str:
    """The loop around an RNNCell, which stays as it is."""
    call = f"{cell}(X[t], hx)"
    if state.activation == "none":  # an RNNCell always has an activation
        call = (
            f"X[t] @ {cell}.weight_ih.T + {cell}.bias_ih + hx @ {cell}.weight_hh.T + {cell}.bias_hh"
        )
    return (
        "output = []\n"
        f"for t in range({steps or state.n_steps}):\n"
        f"    hx = {call}\n"
        "    output.append(hx)"
    )


def _steps(state: LabState) -> str:
    return f"{state.n_steps} time step{'s' if state.n_steps > 1 else ''}"


def _model(state: LabState) -> str:
    """The class of the network; nothing for the bare RNNCell."""
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


def _nonlinearity(state: LabState) -> str:
    return ', nonlinearity="relu"' if state.activation == "relu" else ""


def _data(lab: Lab) -> str:
    """The inputs, the network and its starting state, drawn in the order of the lab."""
    state = lab.state
    sizes = f"{state.n_inputs}, {state.n_neurons}"
    code = [_tensor("X", lab.X)]
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
            "with torch.no_grad():  # the numbers typed in",
            *(f"    {line}" for line in edits),
        ]
    return "\n".join(code)


def _edit(model: str, hx: str, name: str, index: Index, value: float) -> list[str]:
    """One typed number as code. PyTorch's cells keep their weights transposed, and two biases."""
    at = ", ".join(map(str, index))
    if name == "hx":
        return [f"{hx}[{at}] = {value!r}"]
    if model in ("SingleRNN", "BasicRNN"):
        return [f"model.{name}[{'0, ' if name == 'b' else ''}{at}] = {value!r}"]
    cell = "rnn" if model == "nn.RNNCell" else "model.rnn"
    if name == "b":
        return [f"{cell}.bias_ih[{at}] = {value!r}", f"{cell}.bias_hh[{at}] = 0"]
    turned = ", ".join(map(str, reversed(index)))
    return [f"{cell}.weight_{'ih' if name == 'Wx' else 'hh'}[{turned}] = {value!r}"]


def _tensor(name: str, values: Tensor) -> str:
    """A tensor of three dimensions as code, one instance a line."""
    steps = [
        "[" + ",\n      ".join(str([_short(value) for value in row]) for row in step) + "]"
        for step in values.tolist()
    ]
    return (
        f"{name} = torch.tensor(\n    [" + ",\n     ".join(steps) + "],\n    dtype=torch.float,\n)"
    )


def _short(value: float) -> float:
    """A float32 in as few digits as tell it from its neighbours."""
    short = float(f"{value:.9g}")
    return int(short) if short.is_integer() else short


def _run(state: LabState) -> str:
    if state.model == "nn.RNNCell":
        body = loop(state).replace("\n", "\n    ")
    elif state.model == "CleanBasicRNN":
        body = "output, final = model(X)"
    else:
        body = f"output = model(*X{'' if state.hx == 'zero' else ', hx'})"
    return f"with torch.no_grad():\n    {body}"


def _step_lines(state: LabState, lines: list[str]) -> list[int]:
    """By hand, every time step has a line of its own."""
    steps = [_find(lines, f"Y{t} = ") for t in range(state.n_steps)]
    return [line for line in steps for _ in range(PHASES)]


def _loop_lines(state: LabState, lines: list[str]) -> list[int]:
    """In a loop, the same two lines run again and again."""
    call = _find(lines, "output.append(hx)") - 1
    return [call + (phase == PHASES - 1) for _ in range(state.n_steps) for phase in range(PHASES)]


def _find(lines: list[str], start: str) -> int:
    return next(i for i, line in enumerate(lines) if line.strip().startswith(start))
