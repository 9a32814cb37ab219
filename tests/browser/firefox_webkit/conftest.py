"""Firefox, and WebKitGTK, which stands for Safari on Linux."""

import os
import shlex
import shutil
import subprocess
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Error, Playwright
from selenium import webdriver
from selenium.common.exceptions import WebDriverException

from tests.browser.firefox_webkit.tab import FirefoxTab, Tab, WebKitTab

# What a user asks for is asked for by nobody: a browser driven over BiDi cannot emulate it.
NO_EMULATION = {"color_scheme": "null", "reduced_motion": "null"} | {
    "forced_colors": "null",
    "contrast": "null",
}
WINDOW = (1280, 800)


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Start each browser once: all tests of a browser run in one process."""
    for item in items:
        used = {"firefox", "webkit"} & set(getattr(item, "fixturenames", ()))
        if used:
            item.add_marker(pytest.mark.xdist_group("-".join(sorted(used))))


def missing(reason: str, in_ci: bool) -> None:
    """Skip for want of a browser, or fail: in CI there is one."""
    pytest.fail(reason) if in_ci else pytest.skip(reason)


@pytest.fixture(scope="session")
def firefox(playwright: Playwright, in_ci: bool) -> Iterator[Browser]:
    """Firefox, as Debian ships it, driven over WebDriver BiDi: it cannot double-click."""
    path = shutil.which("firefox-esr") or shutil.which("firefox")
    if path is None:
        missing("needs Firefox", in_ci)
    try:
        browser = playwright.firefox.launch(channel="moz-firefox", executable_path=path)
    except Error as error:
        missing(f"Firefox cannot be started: {error.message.splitlines()[0]}", in_ci)
    yield browser
    browser.close()


@pytest.fixture(scope="session")
def display(in_ci: bool) -> Iterator[str]:
    """A screen of our own for a browser that cannot do without; its name, such as ":1"."""
    if shutil.which("Xvfb") is None:
        missing("needs Xvfb", in_ci)
    reading, writing = os.pipe()
    command = ["Xvfb", "-displayfd", str(writing), "-screen", "0", "1280x1024x24"]
    screen = subprocess.Popen(
        [*command, "-nolisten", "tcp"], pass_fds=[writing], stderr=subprocess.DEVNULL
    )
    os.close(writing)
    with os.fdopen(reading) as number:
        yield f":{number.readline().strip()}"  # is written when the screen is ready
    screen.terminate()
    screen.wait(timeout=20)


@pytest.fixture(scope="session")
def webkit(
    display: str, in_ci: bool, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[webdriver.WebKitGTK]:
    """WebKitGTK's small browser; no window is narrower than 447 px, a frame in it can be."""
    driver = shutil.which("WebKitWebDriver")
    if driver is None:
        missing("needs WebKitGTK's driver", in_ci)
    # It paints without a GPU. At the usual priority it would leave a training no processor time.
    polite = tmp_path_factory.mktemp("webkit") / "driver"
    polite.write_text(f'#!/bin/sh\nexec nice -n 19 {shlex.quote(driver)} "$@"\n')
    polite.chmod(0o700)
    service = webdriver.WebKitGTKService(str(polite), env=os.environ | {"DISPLAY": display})
    try:
        browser = webdriver.WebKitGTK(service=service)
    except WebDriverException as error:
        missing(f"WebKitGTK cannot be started: {error.msg}", in_ci)
    browser.set_window_size(*WINDOW)
    yield browser
    browser.quit()


@pytest.fixture
def firefox_tab(firefox: Browser, server: str) -> Iterator[Tab]:
    """The tab of a new visitor in Firefox."""
    size = {"width": WINDOW[0], "height": WINDOW[1]}
    context = firefox.new_context(base_url=server, viewport=size, **NO_EMULATION)
    yield FirefoxTab(context.new_page(), server)
    context.close()


@pytest.fixture
def webkit_tab(webkit: webdriver.WebKitGTK, server: str) -> Iterator[Tab]:
    """The tab of a new visitor in WebKitGTK."""
    webkit.get(f"{server}/_stcore/health")
    webkit.delete_all_cookies()
    webkit.execute_script("localStorage.clear(); sessionStorage.clear()")
    yield WebKitTab(webkit, server)
    webkit.get("about:blank")  # no page of an earlier test goes on


@pytest.fixture(params=["firefox", "webkit"])
def tab(request: pytest.FixtureRequest) -> Tab:
    """The tab of a new visitor in each of the two browsers."""
    made: Tab = request.getfixturevalue(f"{request.param}_tab")
    return made
