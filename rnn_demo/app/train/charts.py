"""What the live charts show, made from the table of metrics, and the words beside them."""

from typing import Any

from rnn_demo.app.text import _
from rnn_demo.nn.published import (
    EXACT_TEST_ACCURACY,
    TUTORIAL_LOSS,
    TUTORIAL_TEST_ACCURACY,
    TUTORIAL_TRAIN_ACCURACY,
)
from rnn_demo.training.metrics import LIVE, Metric

# What a chart needs beyond its metrics; these are the defaults of a metric that has no entry below.
_PLAIN: dict[str, Any] = {
    "stepwise": False,  # the metric changes in steps, so its curve is not smoothed
    "usual": None,  # range of the axis while all curves lie in it; a chart with one is tall
    "limits": [0, None],  # of the axis
    "log": None,  # the scale that the button Log switches to
    "tutorial": None,  # values that the tutorial published, one an epoch
    "test": None,  # the tutorial's value on the test images
    "tested": False,  # a run's test accuracy is drawn at its end
}
_SPECIAL: dict[str, dict[str, Any]] = {
    "loss": {"usual": [0, 1], "log": "logarithmic", "tutorial": TUTORIAL_LOSS},
    "accuracy": {
        "usual": [50, 100],
        "limits": [0, 100],
        "log": "errors",
        "tutorial": TUTORIAL_TRAIN_ACCURACY,
        "test": {"published": TUTORIAL_TEST_ACCURACY, "exact": EXACT_TEST_ACCURACY},
        "tested": True,
    },
    "learning_rate": {"stepwise": True},
}


# The glossary's terms beside the charts: a chart is named after one.
TERMS = (
    "loss",
    "accuracy",
    "learning rate",
    "gradient norm",
    "batch",
    "epoch",
    "validation",
    "test images",
)


def charts() -> list[dict[str, Any]]:
    """The charts in their order, as `ChartSpec` in assets/train/types.js describes them."""
    by_chart: dict[str, list[Metric]] = {}
    for metric in LIVE:
        if metric.chart:
            by_chart.setdefault(metric.chart, []).append(metric)
    return [_chart(name, metrics) for name, metrics in by_chart.items()]


def _chart(name: str, metrics: list[Metric]) -> dict[str, Any]:
    """A chart of a metric and, if there is one, of its value on the validation images."""
    main = next(metric for metric in metrics if not metric.per_epoch)
    validation = next((metric.name for metric in metrics if metric.per_epoch), None)
    return {
        "name": name,
        "label": _(main.label),
        "title": f"[[{_(main.label)}|{name.replace('_', ' ')}]]",
        "metric": main.name,
        "validation": validation,
        "unit": main.unit,
        "decimals": main.decimals,
        **_PLAIN,
        **_SPECIAL.get(name, {}),
    }


def chart_text() -> dict[str, str]:
    """The words beside the charts, in the visitor's language; templates have {placeholders}."""
    return {
        "progress": _("Progress of the run"),
        # The legend
        "legend_batches": _("[[batches|batch]]"),
        "legend_smoothed": _("smoothed"),
        "legend_mean": _("[[epoch]] mean"),
        "legend_validation": _("[[validation]]"),
        "legend_tutorial": _("published run"),
        "legend_test": _("[[test images]]"),
        # The charts
        "range": _("Range of the charts"),
        "whole_run": _("Whole run"),
        "last_epoch": _("Last epoch"),
        "log": _("Log"),
        "log_help": _("Loss and error rate on logarithmic scales"),
        "charts": _("Charts over epochs. Arrow keys read values, Escape shows the whole run."),
        "epoch_tick": _("epoch {epoch}"),
        "tutorial_label": _("published run"),
        "no_data": _("no data in this range"),
        "waiting": _("waiting for the first batch"),
        # The text alternative of a chart
        "chart": _("{chart} over epochs."),
        "curve": _("{run}: from {first} to {last} at epoch {epoch}."),
        "no_curve": _("{run}: no values yet."),
        "changed": _("Changed to {value} at epoch {epoch}."),
        "tutorial_curve": _("The published run goes from {first} to {last} in ten epochs."),
        "tutorial_test": _(
            "Its test accuracy was published as {published}, which is {exact} counted exactly."
        ),
        # The values at an epoch
        "reading": _("Epoch {epoch}: {values}."),
        "whole_epoch": _("Epoch {epoch}: {parts}."),
        "mean": _("mean {values}"),
        "validation": _("validation {values}"),
        "tutorial": _("published run {values}"),
        "epoch_test": _("published test accuracy {published}, counted exactly {exact}"),
        "hint_mouse": _("Point at a chart to read it, drag to zoom in, double-click to zoom out."),
        "hint_touch": _("Tap a chart to read it. Tap there again for the newest values."),
        # The sample digits
        "sample_digits": _("Test digits and the network's answers"),
        "sample_digits_at": _("Twelve test digits at epoch {epoch}: {n} of {total} right"),
        "sample_digits_before": _("Twelve test digits, before training"),
        "right_answer": _("\N{CHECK MARK} {answer}"),
        "wrong_answer": _("\N{BALLOT X} {answer}"),
        "right_confidence": _("{confidence} %"),
        "wrong_confidence": _("{confidence} %, is {label}"),
    }
