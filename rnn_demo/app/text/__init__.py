"""Every sentence a visitor reads, in their language.

Texts are English in the code, marked with `_`, `n_` or `N_`; gettext looks them up in
`assets/locale`. The language belongs to the visitor's session, never to the process.
"""

import gettext
from functools import cache
from pathlib import Path
from weakref import WeakKeyDictionary

import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx
from streamlit.runtime.state import SafeSessionState

from rnn_demo.messages import ENGLISH, Message, Plural, Translatable
from rnn_demo.settings import SETTINGS

DOMAIN = "rnn_demo"
LOCALE_FOLDER = Path(__file__).parents[3] / "assets" / "locale"
PARAMETER = "lang"  # of the address: `?lang=de` chooses a language for the session
_LANGUAGE = "text/language"  # the visitor's language, in their session
_DEFAULT = "en"  # the language of the code itself
# A plural rule depends on n up to here, and beyond on n % 100 only.
_PLURAL_PERIOD = 200
# The query string and the language chosen from it, while a session's script runs: looking both up
# for each of 70 texts would take 5 % of the time of an answer.
_chosen: WeakKeyDictionary[SafeSessionState, tuple[str, str]] = WeakKeyDictionary()


@cache
def languages() -> frozenset[str]:
    """The languages there are: English and one for each compiled catalogue."""
    found = {
        catalogue.parents[1].name
        for folder in _folders()
        for catalogue in folder.glob(f"*/LC_MESSAGES/{DOMAIN}.mo")
    }
    return frozenset({_DEFAULT, *found})


def language() -> str:
    """The visitor's language, such as "en"; English outside a visitor's session.

    The address chooses it (`?lang=de`), for the rest of the session; otherwise it is the first
    of the browser's languages for which there is a catalogue, or English.
    """
    context = get_script_run_ctx(suppress_warning=True)
    if context is None:
        return _DEFAULT
    address, name = _chosen.get(context.session_state, (None, ""))
    if address != context.query_string:
        name = _choose()
        _chosen[context.session_state] = context.query_string, name
    return name


def _choose() -> str:
    """The visitor's language, kept in their session."""
    asked = st.query_params.get(PARAMETER)
    if asked in languages():
        st.session_state[_LANGUAGE] = asked
    elif _LANGUAGE not in st.session_state:
        st.session_state[_LANGUAGE] = first_of(st.context.headers.get("Accept-Language") or "")
    return str(st.session_state[_LANGUAGE])


def _(text: str) -> str:
    """A text in the visitor's language."""
    return _catalogue(language()).gettext(text) if text else ""


def n_(one: str, many: str, n: int) -> str:
    """A text in the visitor's language, in the form that `n` takes there; {n} is still in it."""
    return _catalogue(language()).ngettext(one, many, n)


def plural_forms(one: str, many: str) -> dict[str, object]:
    """A text's forms in the visitor's language, from which JavaScript chooses by a number.

    Returns:
        forms: the different forms, with {n} in them.
        index: a string of digits: which form n = 0, 1, 2, ... takes. From 200 on, n counts as
            100 + n % 100; beyond the string's end its last digit holds.
    """
    return forms_in(language(), one, many)


def sentence(message: Message) -> str:
    """A message of the core in the visitor's language."""
    text = ENGLISH[message.code]
    values = message.values
    template = n_(text.one, text.many, values["n"]) if isinstance(text, Plural) else _(text)
    return template.format(**{name: _in_language(value) for name, value in values.items()})


def first_of(accepted: str) -> str:
    """The first language of an Accept-Language header for which there is a catalogue."""
    for item in accepted.split(","):
        tag = item.partition(";")[0].strip().replace("-", "_")
        for name in (tag, tag.partition("_")[0].lower()):
            if name in languages():
                return name
    return _DEFAULT


@cache
def forms_in(name: str, one: str, many: str) -> dict[str, object]:
    """`plural_forms` in a language."""
    chosen = [_catalogue(name).ngettext(one, many, n) for n in range(_PLURAL_PERIOD)]
    forms = list(dict.fromkeys(chosen))
    index = "".join(str(forms.index(form)) for form in chosen)
    return {"forms": forms, "index": index.rstrip(index[-1]) + index[-1]}


def _in_language(value: object) -> object:
    if isinstance(value, Message):
        return sentence(value)
    return _(value) if isinstance(value, Translatable) else value


@cache
def _catalogue(name: str) -> gettext.NullTranslations:
    for folder in _folders():
        if gettext.find(DOMAIN, folder, [name]):
            return gettext.translation(DOMAIN, folder, [name])
    return gettext.NullTranslations()


def _folders() -> list[Path]:
    """The folders of catalogues: first the one in the settings, then the app's own."""
    own = SETTINGS.locale_folder.read()
    return [*([own] if own else []), LOCALE_FOLDER]
