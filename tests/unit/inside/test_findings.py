import pytest
import torch

from rnn_demo.inside.findings import call_difference, findings


@pytest.mark.parametrize("n_steps", [1, 2, 5])
def test_the_findings_show_each_bug_and_its_fix(n_steps):
    X = torch.randn(n_steps, 4, 3)
    tutorial, fixed = (findings(X, 5, 7, tutorial=tutorial) for tutorial in (True, False))
    assert (tutorial.n_parameters, fixed.n_parameters) == (0, 3)
    assert tutorial.call_difference > 0.01
    assert fixed.call_difference == 0
    assert (tutorial.backward_error, fixed.backward_error) == ("RuntimeError", None)
    assert tutorial.model_difference > 0.01
    assert fixed.model_difference == pytest.approx(0, abs=1e-5)
    assert tutorial.probability_sum > 5
    assert fixed.probability_sum == pytest.approx(1, abs=1e-5)
    assert (tutorial.digits, fixed.digits) == ((1, 10), (0, 9))


def test_only_the_published_network_changes_between_two_calls():
    X = torch.randn(2, 4, 3)
    assert call_difference(X, 5, seed=1, tutorial=True) > 0.01
    assert call_difference(X, 5, seed=1, tutorial=False) == 0
