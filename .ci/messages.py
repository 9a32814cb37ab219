"""The catalogues in assets/locale, made from the sentences in the code.

python .ci/messages.py           write the template, bring every language up to date, compile
python .ci/messages.py --check   fail where a committed file is not what this command writes
python .ci/messages.py --new de  begin a language; translate its .po, then run the command again

English needs no catalogue: its sentences are the code's own.
"""

import argparse
import io
import sys
from datetime import UTC, datetime
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).parents[1]
DOMAIN = "rnn_demo"
TEMPLATE = Path("assets/locale") / f"{DOMAIN}.pot"
SOURCES = [("rnn_demo/**.py", "python"), ("streamlit_app.py", "python")]
# Functions whose arguments are sentences: all of them, or the two forms of a plural.
KEYWORDS = {"_": None, "N_": None, "n_": (1, 2), "plural_forms": (1, 2), "Plural": (1, 2)}


def extract(root: Path = ROOT) -> Catalog:
    """All sentences in the code, untranslated."""
    template = Catalog(project=DOMAIN)
    for _, _, message, comments, context in extract_from_dir(
        root, SOURCES, keywords=KEYWORDS, comment_tags=("Translators:",)
    ):
        template.add(message, auto_comments=comments, context=context)
    return template


def compiled(catalogue: Catalog) -> bytes:
    """A catalogue as gettext reads it (.mo)."""
    file = io.BytesIO()
    write_mo(file, catalogue)
    return file.getvalue()


def as_text(catalogue: Catalog, header: bool) -> bytes:
    """A catalogue as people read it (.po): sorted, without places, so that it changes little."""
    file = io.BytesIO()
    write_po(file, catalogue, 100, True, not header, sort_output=True, ignore_obsolete=True)
    return file.getvalue()


def brought_up_to_date(path: Path, template: Catalog) -> Catalog:
    """A language's catalogue with the template's sentences; those that went are dropped."""
    with path.open("rb") as file:
        catalogue = read_po(file, locale=path.parents[1].name, domain=DOMAIN)
    written = catalogue.creation_date
    catalogue.update(template, no_fuzzy_matching=True)
    catalogue.creation_date = written  # the day of an extraction is no news
    return catalogue


def files(root: Path = ROOT) -> dict[Path, bytes]:
    """Every file of the catalogues as it should be, by path."""
    template = extract(root)
    wanted = {root / TEMPLATE: as_text(template, header=False)}
    for path in sorted((root / TEMPLATE).parent.glob(f"*/LC_MESSAGES/{DOMAIN}.po")):
        catalogue = brought_up_to_date(path, template)
        wanted[path] = as_text(catalogue, header=True)
        wanted[path.with_suffix(".mo")] = compiled(catalogue)
    return wanted


def stale(root: Path = ROOT) -> list[Path]:
    """The files that are missing, not up to date, or of no catalogue."""
    wanted = files(root)
    there = {path for path in (root / TEMPLATE).parent.rglob("*") if path.is_file()}
    differ = {path for path in wanted if path in there and path.read_bytes() != wanted[path]}
    return sorted(differ | (set(wanted) ^ there))


def begin(language: str, root: Path = ROOT) -> None:
    """Write an empty catalogue of a language."""
    path = (root / TEMPLATE).parent / language / "LC_MESSAGES" / f"{DOMAIN}.po"
    path.parent.mkdir(parents=True)
    now = datetime.now(UTC)
    header = f"# {DOMAIN} in another language: translate every msgstr."
    catalogue = Catalog(
        language, DOMAIN, header, DOMAIN, "1", creation_date=now, revision_date=now, fuzzy=False
    )
    path.write_bytes(as_text(catalogue, header=True))


def main() -> None:
    """Check the catalogues, or write them."""
    summary, _, usage = __doc__.partition("\n\n")
    parser = argparse.ArgumentParser(
        description=summary, epilog=usage, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--check", action="store_true")
    parser.add_argument("--new", metavar="LANGUAGE")
    options = parser.parse_args()
    if options.check:
        names = [str(path.relative_to(ROOT)) for path in stale()]
        sys.exit(f"Run python .ci/messages.py: {', '.join(names)} are not fresh" if names else 0)
    if options.new:
        begin(options.new)
    for path, content in files().items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)


if __name__ == "__main__":
    main()
