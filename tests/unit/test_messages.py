"""The sentences in the code: every code has one, its values fill it, and every catalogue fits."""

import ast
import string
from collections.abc import Iterator
from pathlib import Path

import pytest
from babel.messages.pofile import read_po

from rnn_demo.messages import ENGLISH, N_, Message, Plural, Translatable

ROOT = Path(__file__).parents[2]
SOURCES = [ROOT / "streamlit_app.py", *sorted((ROOT / "rnn_demo").rglob("*.py"))]
MODULES = {path: ast.parse(path.read_text()) for path in SOURCES}
CODED = {"Message", "InputError", "StorageError"}
MARKERS = {"_": 1, "N_": 1, "n_": 2, "plural_forms": 2, "Plural": 2}


def calls(names: set[str]) -> Iterator[tuple[str, ast.Call]]:
    """Calls of functions with these names, and where they stand."""
    for path, module in MODULES.items():
        for node in ast.walk(module):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name | ast.Attribute):
                name = node.func.id if isinstance(node.func, ast.Name) else node.func.attr
                if name in names:
                    yield f"{path.relative_to(ROOT)}:{node.lineno}", node


def texts(node: ast.expr) -> list[str] | None:
    """The string literals that an expression chooses from; None if it is anything else."""
    if isinstance(node, ast.IfExp):
        chosen = texts(node.body), texts(node.orelse)
        return None if None in chosen else [text for found in chosen for text in found or ()]
    is_text = isinstance(node, ast.Constant) and isinstance(node.value, str)
    return [node.value] if is_text else None


def placeholders(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name is not None}


def values_of(texts: tuple[str, ...]) -> set[str]:
    """The placeholders in any of the texts."""
    return set().union(*map(placeholders, texts))


def forms(code: str) -> tuple[str, ...]:
    text = ENGLISH[code]
    return (text.one, text.many) if isinstance(text, Plural) else (text,)


def given(call: ast.Call) -> set[str] | None:
    """The names of the values in a call; None where they do not stand in the code."""
    names = [keyword.arg for keyword in call.keywords]
    if len(call.args) > 1:
        values = call.args[1]
        keys = values.keys if isinstance(values, ast.Dict) else [None]
        names += [key.value if isinstance(key, ast.Constant) else None for key in keys]
    return None if None in names else set(names)


def test_every_code_in_the_code_has_a_sentence_and_its_values_fill_it():
    wrong = []
    for place, call in calls(CODED):
        for code in texts(call.args[0]) or [] if call.args else []:
            if code not in ENGLISH:
                wrong.append(f"{place}: {code} is not in ENGLISH")
                continue
            values = given(call)
            needed = values_of(forms(code))
            if values is not None and not needed <= values:
                wrong.append(f"{place}: {code} needs {needed - values}")
    assert wrong == []


def test_every_sentence_is_used():
    constants = {
        node.value
        for path, module in MODULES.items()
        if path.name != "messages.py"
        for node in ast.walk(module)
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }
    assert set(ENGLISH) - constants == set()


def test_the_forms_of_a_sentence_have_the_same_values():
    wrong = []
    for code in ENGLISH:
        one, many = map(placeholders, (forms(code)[0], forms(code)[-1]))
        named = all(name.isidentifier() for name in one | many)
        if not named or many not in (one, one | {"n"}):
            wrong.append(code)
    assert wrong == []


def test_marked_texts_stand_in_the_code_as_they_are():
    """Babel reads the code; it cannot know what an f-string or a sum becomes."""
    wrong = [
        f"{place}: {ast.unparse(argument)}"
        for place, call in calls(set(MARKERS))
        for argument in call.args[: MARKERS[getattr(call.func, "id", "_")]]
        if isinstance(argument, ast.JoinedStr | ast.BinOp)
    ]
    assert wrong == []


def test_every_marked_text_stands_in_the_template():
    """Before Python 3.12, Babel does not find calls inside f-strings."""
    with (ROOT / "assets" / "locale" / "rnn_demo.pot").open("rb") as file:
        entries = [entry.id for entry in read_po(file)]
    known = {form for entry in entries for form in ([entry] if isinstance(entry, str) else entry)}
    missing = [
        f"{place}: {text}"
        for place, call in calls(set(MARKERS))
        for argument in call.args[: MARKERS[getattr(call.func, "id", "_")]]
        for text in texts(argument) or ()
        if text not in known
    ]
    assert missing == []


def catalogue_texts() -> Iterator[tuple[str, tuple[str, ...], str]]:
    """Every translated text: the language, its English forms, and the translation."""
    for path in (ROOT / "assets" / "locale").glob("*/LC_MESSAGES/*.po"):
        with path.open("rb") as file:
            catalogue = read_po(file)
        for message in catalogue:
            plural = isinstance(message.id, tuple)
            for text in message.string if plural else (message.string,):
                yield path.parents[1].name, message.id if plural else (message.id,), text


def test_every_catalogue_is_whole_and_has_the_placeholders_of_the_english_texts():
    wrong = [
        f"{language}: {english[0]}"
        for language, english, text in catalogue_texts()
        if english[0]
        and not (text and placeholders(text) <= set().union(*map(placeholders, english)))
    ]
    assert wrong == []


@pytest.fixture
def sentences(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(ENGLISH, "test.outer", N_("Not {what}: {why}"))
    monkeypatch.setitem(ENGLISH, "test.inner", Plural("{n} file", "{n} files"))


NESTED = Message(
    "test.outer", {"what": Translatable("Digits"), "why": Message("test.inner", {"n": 2})}
)


def test_a_message_is_english_for_engineers(sentences):
    assert str(NESTED) == "Not Digits: 2 files"


def test_a_message_comes_back_from_a_file(sentences):
    read = Message.from_json(NESTED.to_json())
    assert read == NESTED
    assert isinstance(read.values["what"], Translatable)


@pytest.mark.hostile("a file that somebody has changed")
@pytest.mark.parametrize(
    "data",
    [
        None,
        [],
        {},
        {"code": "test.outer"},
        {"code": "nothing", "values": {}},
        {"code": ["test.outer"], "values": {}},
        {"code": "test.inner", "values": {}},
        {"code": "test.inner", "values": {"n": None}},
        {"code": "test.outer", "values": {"what": "a"}},
        {"code": "test.outer", "values": {"what": [1], "why": ""}},
        {"code": "test.outer", "values": {"what": {"code": "x", "values": {}}, "why": ""}},
    ],
)
def test_what_is_no_message_is_refused(sentences, data):
    with pytest.raises(ValueError, match="message"):
        Message.from_json(data)


@pytest.mark.hostile("a file that somebody has changed")
def test_a_message_in_a_message_in_a_message_has_an_end(sentences):
    deep: object = "end"
    for _ in range(500):
        deep = {"code": "test.outer", "values": {"what": deep, "why": ""}}
    with pytest.raises(ValueError, match="message"):
        Message.from_json(deep)
