"""A visitor's way through every page, in Firefox and in WebKitGTK."""


def test_a_visitor_goes_through_every_page(tab):
    tab.open("inside")
    tab.click(".cell", 1)
    tab.press("F2")
    tab.write("3")
    tab.press("Enter")
    tab.expect(".change", r"\w")
