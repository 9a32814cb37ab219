import errno
import json
import os
import stat
from pathlib import Path

import pytest
from filelock import Timeout

from rnn_demo.formats import files
from rnn_demo.messages import InputError, StorageError


def test_a_json_file_is_read_back(tmp_path):
    path = tmp_path / "values.json"
    files.write_json(path, {"a": 1})
    assert files.read_json(path) == {"a": 1}
    files.overwrite_json(path, {"b": [1, 2]})
    assert files.read_json(path) == {"b": [1, 2]}
    assert list(tmp_path.iterdir()) == [path]


def test_a_failed_write_keeps_the_old_content(tmp_path):
    path = tmp_path / "values.json"
    files.write_json(path, {"a": 1})

    def write(temporary):
        temporary.write_text("half")
        raise OSError(errno.ENOSPC, "No space left on device")

    with pytest.raises(OSError, match="No space left"):
        files.write_whole(path, write)
    assert files.read_json(path) == {"a": 1}
    assert list(tmp_path.iterdir()) == [path]


FOLDER_ERRORS = ["EINVAL", "EBADF", "ENOTSUP", "EOPNOTSUPP", "EACCES", "EPERM", "ENOSYS"]


def fail_to_sync(monkeypatch, kind, error):
    """Syncing something of a kind fails, as it does on some systems."""
    fsync = os.fsync

    def refuse(descriptor):
        if kind(os.fstat(descriptor).st_mode):
            raise OSError(error, os.strerror(error))
        fsync(descriptor)

    monkeypatch.setattr(os, "fsync", refuse)


@pytest.mark.parametrize("name", FOLDER_ERRORS)
def test_a_folder_that_cannot_be_synced_is_forgiven(tmp_path, monkeypatch, name):
    fail_to_sync(monkeypatch, stat.S_ISDIR, getattr(errno, name))
    files.write_json(tmp_path / "values.json", {"a": 1})
    assert files.read_json(tmp_path / "values.json") == {"a": 1}


def test_a_folder_that_cannot_be_opened_to_be_synced_is_forgiven(tmp_path, monkeypatch):
    """On Windows no folder can be opened."""
    os_open = os.open

    def refuse(path, *arguments, **more):
        if Path(path).is_dir():
            raise PermissionError(errno.EACCES, "Permission denied")
        return os_open(path, *arguments, **more)

    monkeypatch.setattr(os, "open", refuse)
    files.write_json(tmp_path / "values.json", {"a": 1})


@pytest.mark.parametrize("name", FOLDER_ERRORS)
def test_a_file_that_cannot_be_synced_is_not_written(tmp_path, monkeypatch, name):
    files.write_json(tmp_path / "values.json", {"a": 1})
    fail_to_sync(monkeypatch, stat.S_ISREG, getattr(errno, name))
    with pytest.raises(OSError, match=os.strerror(getattr(errno, name))):
        files.write_json(tmp_path / "values.json", {"a": 2})
    assert files.read_json(tmp_path / "values.json") == {"a": 1}


def test_a_broken_disk_is_not_forgiven_for_a_folder(tmp_path, monkeypatch):
    fail_to_sync(monkeypatch, stat.S_ISDIR, errno.EIO)
    with pytest.raises(OSError, match="Input/output error"):
        files.write_json(tmp_path / "values.json", {"a": 1})


def failing(function, error, times):
    """A function of the system that fails a few times first."""
    left = [error] * times

    def call(*arguments, **more):
        if left:
            code = left.pop()
            raise OSError(code, os.strerror(code))
        return function(*arguments, **more)

    return call


PASSING = [errno.EACCES, errno.EPERM, errno.EBUSY, errno.ESTALE, errno.EIO]


@pytest.mark.parametrize("error", PASSING)
def test_a_file_that_is_held_for_an_instant_is_replaced_and_read(tmp_path, monkeypatch, error):
    path = tmp_path / "values.json"
    files.write_json(path, {"a": 1})
    for name in ("replace", "rename", "open"):
        monkeypatch.setattr(os, name, failing(getattr(os, name), error, 3))
    monkeypatch.setattr(Path, "replace", failing(Path.replace, error, 3))
    files.write_json(path, {"a": 2}, sync=False)
    assert files.read_json(path) == {"a": 2}
    assert list(tmp_path.iterdir()) == [path]


def test_a_file_that_stays_held_is_an_error_in_the_end(tmp_path, monkeypatch):
    path = tmp_path / "values.json"
    files.write_json(path, {"a": 1})
    monkeypatch.setattr(files, "RETRY_LIMIT_S", 0.1)
    monkeypatch.setattr(os, "open", failing(os.open, errno.EBUSY, 10**6))
    with pytest.raises(files.UnreadableError) as error:
        files.read_json(path)
    assert error.value.message.code == "files.unreadable"


def test_overwriting_needs_an_existing_file(tmp_path):
    with pytest.raises(FileNotFoundError):
        files.overwrite_json(tmp_path / "values.json", {})


def test_a_missing_file_is_a_file_not_found_error(tmp_path):
    with pytest.raises(FileNotFoundError) as error:
        files.read_json(tmp_path / "values.json")
    assert error.value.message.code == "files.missing"


@pytest.mark.hostile("a file that is not the JSON object it should be")
@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "files.damaged"),
        (b"{", "files.damaged"),
        (b"\xff", "files.damaged"),
        (b"[" * 100_000, "files.damaged"),
        (b"[1]", "files.not_an_object"),
        (b"null", "files.not_an_object"),
    ],
)
def test_bad_json_is_refused(tmp_path, content, code):
    path = tmp_path / "values.json"
    path.write_bytes(content)
    with pytest.raises(InputError) as error:
        files.read_json(path)
    assert error.value.message.code == code


@pytest.mark.hostile("a pipe, a folder or a huge file in place of a file")
def test_only_regular_files_of_a_reasonable_size_are_read(tmp_path):
    pipe, huge = tmp_path / "pipe", tmp_path / "huge"
    os.mkfifo(pipe)
    huge.touch()
    os.truncate(huge, files.MAX_FILE_BYTES + 1)
    for path in (pipe, huge, tmp_path):
        with pytest.raises(InputError) as error:
            files.read_bytes(path)
        assert error.value.message.code == "files.not_regular"


@pytest.mark.hostile("a link in place of a file")
def test_no_link_is_followed(tmp_path):
    (tmp_path / "secret").write_text("{}")
    (tmp_path / "link").symlink_to(tmp_path / "secret")
    with pytest.raises(InputError) as error:
        files.read_bytes(tmp_path / "link")
    assert error.value.message.code == "files.unreadable"
    assert str(tmp_path) not in str(error.value)


def test_reading_starts_where_it_should(tmp_path):
    (tmp_path / "lines").write_bytes(b"one\ntwo\n")
    assert files.read_bytes(tmp_path / "lines", 4) == b"two\n"


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (OSError(errno.ENOSPC, "No space left on device", "/secret/path"), "files.disk_full"),
        (PermissionError(errno.EACCES, "Permission denied", "/secret/path"), "files.other"),
        (OSError("without a number"), "files.other"),
        (Timeout("/secret/path"), "files.locked"),
        (StorageError("files.missing", name="x"), "files.missing"),
    ],
)
def test_an_os_error_is_described_without_its_path(error, code):
    message = files.describe_os_error(error)
    assert message.code == code
    assert "/secret" not in str(message)
    assert not str(message).endswith("..")
    json.dumps(message.to_json())
