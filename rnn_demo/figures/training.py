"""Loss and accuracy of a run as ECharts options: a chart that keeps its node while it grows."""

from collections.abc import Sequence
from typing import Any

from rnn_demo.errata import PUBLISHED_LOSS, PUBLISHED_TRAIN_ACCURACY
from rnn_demo.figures.palette import Palette

Points = Sequence[dict[str, Any]]


def loss_chart(points: Points, epochs: int, palette: Palette) -> dict[str, Any]:
    """Cross-entropy over epochs, the tutorial's printed figures dashed behind it.

    Args:
        points: as `Run.metrics()` gives them.
        epochs: of the recipe; the axis spans them from the start.
        palette: light or dark.
    """
    return _chart("loss", points, PUBLISHED_LOSS, epochs, palette, {"min": 0, "max": 1})


def accuracy_chart(points: Points, epochs: int, palette: Palette) -> dict[str, Any]:
    """Training accuracy in percent over epochs, drawn like `loss_chart`."""
    axis = {"min": 50, "max": 100, "axisLabel": {"formatter": "{value} %"}}
    return _chart("accuracy", points, PUBLISHED_TRAIN_ACCURACY, epochs, palette, axis)


def _chart(
    name: str,
    points: Points,
    published: Sequence[float],
    epochs: int,
    palette: Palette,
    y_axis: dict[str, Any],
) -> dict[str, Any]:
    live = [[point["step"], point[name]] for point in points if not point["epoch_done"]]
    # A mean over an epoch belongs to its middle: there it meets the curve of the batches.
    whole = [[point["step"] - 0.5, point[name]] for point in points if point["epoch_done"]]
    printed = [[epoch + 0.5, value] for epoch, value in enumerate(published)]
    return {
        "animation": False,
        "grid": {"left": 48, "right": 16, "top": 40, "bottom": 40},
        "tooltip": {"trigger": "axis"},
        "legend": {"top": 0, "textStyle": {"color": palette.text}},
        "xAxis": {
            "type": "value",
            "name": "epoch",
            "nameLocation": "middle",
            "nameGap": 24,
            "min": 0,
            "max": max(epochs, 1),
            "minInterval": 1,
            "splitLine": {"show": False},
        },
        "yAxis": {"type": "value", **y_axis},
        "series": [
            _line("tutorial, as printed", printed, palette.grey, style="dashed", width=2),
            _line("yours, batch by batch", live, palette.second, width=1, opacity=0.6),
            _line("yours, mean of an epoch", whole, palette.lead, width=3, symbol="circle"),
        ],
    }


def _line(
    name: str,
    data: list[list[float]],
    color: str,
    *,
    width: int,
    style: str = "solid",
    symbol: str = "none",
    opacity: float = 1,
) -> dict[str, Any]:
    return {
        "name": name,
        "type": "line",
        "data": data,
        "symbol": symbol,
        "color": color,
        "lineStyle": {"type": style, "width": width, "opacity": opacity},
    }
