"""State in the address: what counts as news, and what the page itself wrote."""

import pytest
from streamlit.testing.v1 import AppTest

from tests.app.from_browser import travel


def script() -> None:
    import streamlit as st

    from rnn_demo.app import address

    address.visit(st.session_state.get("page", "one"))
    st.text(repr(address.received("x")))
    address.took_over()
    if "writes" in st.session_state:
        address.write("x", st.session_state["writes"])


@pytest.fixture
def app() -> AppTest:
    return AppTest.from_function(script)


def news(app: AppTest) -> str:
    return app.run().text[0].value


def test_a_link_is_news_once(app):
    app.query_params["x"] = "linked"
    assert news(app) == "'linked'"
    assert news(app) == "None"


def test_what_the_page_wrote_is_no_news_until_the_visitor_goes_back(app):
    assert news(app) == "None"
    app.session_state["writes"] = "first"
    news(app)
    assert app.query_params["x"] == "first"
    app.session_state["writes"] = "second"
    assert news(app) == "None"
    del app.session_state["writes"]
    assert travel(app, {"x": "first"}).text[0].value == "'first'"
    assert travel(app, {}).text[0].value == "''"


def test_a_switch_of_pages_empties_the_address_and_is_no_news(app):
    app.session_state["writes"] = "kept"
    news(app)
    app.session_state["page"] = "two"
    del app.session_state["writes"]
    del app.query_params["x"]
    assert news(app) == "None"
    app.session_state["page"] = "one"
    assert news(app) == "None"
    app.session_state["writes"] = "kept"
    news(app)
    assert app.query_params["x"] == "kept"


def test_none_removes_a_parameter(app):
    app.session_state["writes"] = "here"
    news(app)
    app.session_state["writes"] = None
    news(app)
    assert "x" not in app.query_params


def test_a_click_on_its_way_while_the_page_writes_is_no_step_back(app):
    app.session_state["writes"] = "new"
    news(app)
    del app.query_params["x"]  # the click left the browser before the new address arrived
    assert news(app) == "None"
    app.session_state["writes"] = "newer"
    assert news(app) == "None"
    assert app.query_params["x"] == "newer"


def test_a_run_that_is_cut_short_leaves_the_news_to_the_next():
    """A second click stops the run of the first, at any line."""

    def cut_short() -> None:
        import streamlit as st

        from rnn_demo.app import address

        address.visit("one")
        st.session_state["runs"] = runs = st.session_state.get("runs", 0) + 1
        if runs == 1:
            st.stop()
        st.text(repr(address.received("x")))
        if runs > 2:
            address.took_over()

    app = AppTest.from_function(cut_short)
    app.query_params["x"] = "linked"
    app.run()
    assert news(app) == "'linked'"
    assert news(app) == "'linked'"
    assert news(app) == "None"
