"""The settings: their values from the environment, and their table in the README."""

from pathlib import Path

import pytest

from rnn_demo import machine
from rnn_demo.messages import InputError
from rnn_demo.settings import SETTINGS, markdown_table

REPOSITORY = Path(__file__).parents[2]
WHOLE_NUMBERS = [
    (SETTINGS.max_runs, machine.capacity().max_runs, 1, 1_000),
    (SETTINGS.keep_days, 30, 1, 36_500),
    (SETTINGS.keep_mb, 1_000, 1, 10_000_000),
    (SETTINGS.shared, False, 0, 1),
]


def test_names_are_unique_and_have_the_prefix():
    names = [setting.name for setting in SETTINGS]
    assert len(set(names)) == len(names)
    assert all(name.startswith("RNN_DEMO_") for name in names)


@pytest.mark.parametrize(("setting", "default", "low", "high"), WHOLE_NUMBERS)
def test_a_whole_number_is_read_at_use(monkeypatch, setting, default, low, high):
    monkeypatch.delenv(setting.name, raising=False)
    assert setting.read() == default
    monkeypatch.setenv(setting.name, "")
    assert setting.read() == default
    for value in (low, high):
        monkeypatch.setenv(setting.name, str(value))
        assert setting.read() == value


@pytest.mark.parametrize(("setting", "default", "low", "high"), WHOLE_NUMBERS)
@pytest.mark.parametrize("value", ["x", "-1", "1.5", "9" * 30, " 1", "٣", "1_0"])
def test_a_bad_whole_number_is_refused(monkeypatch, setting, default, low, high, value):
    monkeypatch.setenv(setting.name, value)
    with pytest.raises(InputError) as error:
        setting.read()
    assert error.value.message.code == "settings.not_a_whole_number"
    assert error.value.message.values == {
        "name": setting.name,
        "low": low,
        "high": high,
        "value": value,
    }
    assert setting.name in str(error.value)


def test_a_number_just_out_of_range_is_refused(monkeypatch):
    for value in ("0", "1001"):
        monkeypatch.setenv(SETTINGS.max_runs.name, value)
        with pytest.raises(InputError):
            SETTINGS.max_runs.read()


def test_an_unknown_device_is_refused(monkeypatch):
    monkeypatch.setenv(SETTINGS.device.name, "quantum")
    with pytest.raises(InputError) as error:
        SETTINGS.device.read()
    assert error.value.message.code == "settings.unknown_choice"


def test_folders_are_paths(monkeypatch, tmp_path):
    for setting, default in ((SETTINGS.data_folder, "data"), (SETTINGS.runs_folder, "runs")):
        monkeypatch.delenv(setting.name, raising=False)
        assert setting.read() == Path(default)
        monkeypatch.setenv(setting.name, str(tmp_path))
        assert setting.read() == tmp_path


def test_the_readme_has_the_table():
    """To update the README, paste what `python -m rnn_demo.settings` prints."""
    readme = (REPOSITORY / "README.md").read_text(encoding="utf-8")
    table = readme.partition("<!-- settings:")[2].partition("-->\n")[2]
    assert table.partition("<!-- settings: end -->")[0] == markdown_table()
