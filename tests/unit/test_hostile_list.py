"""The list of what a visitor, a stranger or a bad day may do, and the test that tries each."""

import ast
from pathlib import Path

REPOSITORY = Path(__file__).parents[2]

# Each ends in one clear sentence or in nothing: never in a traceback, in another visitor's data,
# in a queue that is stuck or in a server that is dead.
HOSTILE = (
    # Cells and pasted tables
    ("a cell with NaN", "tests/unit/test_lab.py::test_a_bad_edit_gets_one_sentence"),
    ("a cell with infinity", "tests/unit/test_share.py::test_what_cannot_be_gets_one_sentence"),
    ("a number too large for a float",
     "tests/unit/test_share.py::test_a_number_too_large_for_a_float_is_refused_in_a_link_and_in_a_file"),
    ("numbers that overflow float32 together",
     "tests/unit/test_lab.py::test_numbers_that_overflow_get_one_sentence"),
    ("an edit that is no edit",
     "tests/unit/test_lab.py::test_nothing_a_browser_sends_does_more_than_raise_a_sentence"),
    ("NaN, infinity, 1e308, text or nothing in a cell of a grid",
     "tests/app/test_lab_grids.py::test_what_a_grid_refuses_is_refused_on_the_server_too"),
    ("a bad entry typed into the picture",
     "tests/browser/test_flow_lab_browser.py::test_a_bad_entry_changes_nothing_and_says_why"),
    ("a pasted table with text, NaN and infinity",
     "tests/unit/test_lab.py::test_every_bad_cell_is_named"),
    ("a pasted table of 10,000 rows",
     "tests/unit/test_lab.py::test_a_table_of_ten_thousand_rows_gets_one_short_sentence"),
    ("a pasted table of another size",
     "tests/unit/test_lab.py::test_a_table_of_another_size_says_which"),
    ("a cell of a million digits",
     "tests/unit/test_lab.py::test_a_cell_of_a_million_digits_holds_up_nobody"),
    # Links
    ("a link with changed characters",
     "tests/unit/test_share.py::test_a_changed_character_never_passes_as_another_kind_of_thing"),
    ("a link cut short", "tests/unit/test_links.py::test_what_was_tampered_with_is_damaged"),
    ("a link that unpacks to a megabyte", "tests/unit/test_links.py::test_a_bomb_is_not_unpacked"),
    ("a link that is too long",
     "tests/unit/test_links.py::test_a_link_that_is_too_long_is_not_even_looked_at"),
    ("a link with a script in it",
     "tests/app/test_flow_lab.py::test_a_link_cannot_put_words_on_the_page"),
    ("a link that hides what is not there",
     "tests/unit/test_share.py::test_a_link_hides_only_what_can_be_hidden"),
    ("a view that is a script", "tests/unit/test_share.py::test_any_other_view_is_none"),
    ("a link to a drawing that holds something else",
     "tests/unit/test_strokes.py::test_what_is_no_link_is_refused_in_a_sentence"),
    ("a link of the flow lab in place of a drawing's",
     "tests/unit/test_strokes.py::test_a_link_of_another_kind_holds_no_drawing"),
    ("a link to a drawing, cut or too long, in a browser",
     "tests/browser/test_reading_room.py::test_a_damaged_link_ends_in_one_sentence"),
    ("any text in the address",
     "tests/unit/test_share.py::test_no_text_in_the_address_does_more_than_raise_a_sentence"),
    ("any JSON in the address", "tests/unit/test_strokes.py::test_no_value_breaks_it"),
    # State files
    ("a state file cut short, foreign, binary, nested or script-laden",
     "tests/unit/test_share.py::test_a_file_that_is_no_state_gets_one_sentence"),
    ("a state file that is too large", "tests/unit/test_share.py::test_a_bomb_is_not_unpacked"),
    ("any bytes as a state file",
     "tests/unit/test_share.py::test_no_file_does_more_than_raise_a_sentence"),
    ("any JSON as a state",
     "tests/unit/test_share.py::test_no_json_does_more_than_raise_a_sentence"),
    # Files of weights
    ("weights that are a pickle", "tests/unit/test_uploads.py::test_a_pickle_is_never_run"),
    ("weights that are a zip bomb", "tests/unit/test_uploads.py::test_a_zip_bomb_is_not_unpacked"),
    ("weights cut short, of 10 GB by their header, larger than 21 MB, of wrong shape, with NaN",
     "tests/unit/test_uploads.py::test_what_is_no_network_is_refused_in_a_sentence"),
    ("weights with a damaged recipe",
     "tests/unit/test_uploads.py::test_a_damaged_recipe_gets_one_clear_sentence"),
    ("weights with the recipe of others",
     "tests/unit/test_uploads.py::test_weights_that_are_not_those_of_their_recipe_are_refused"),
    ("any bytes as weights", "tests/unit/test_uploads.py::test_no_bytes_break_it"),
    ("weights with any byte changed", "tests/unit/test_uploads.py::test_no_changed_byte_breaks_it"),
    ("weights of another visitor's session",
     "tests/app/test_reading_room.py::test_another_session_does_not_see_the_file"),
    # The canvas
    ("canvas JSON that is no drawing",
     "tests/unit/test_strokes.py::test_what_no_canvas_sends_is_no_drawing"),
    ("canvas images of wrong size, cut, of gigabytes by their header, of another format",
     "tests/unit/test_strokes.py::test_what_is_no_picture_of_the_canvas_is_refused"),
    ("any JSON from the canvas",
     "tests/unit/test_strokes.py::test_no_value_on_the_canvas_breaks_it"),
    ("canvas data sent past the browser",
     "tests/browser/test_hostile_visitor.py::test_whatever_the_canvas_sends_changes_nothing"),
    ("arrays that are no image of a canvas",
     "tests/unit/test_ink.py::test_bad_input_gets_one_clear_sentence"),
    ("drawings of a dot, a scribble, in a corner",
     "tests/unit/test_strokes.py::test_an_unusual_drawing_gets_one_sentence"),
    # Visitors and their runs
    ("a cookie that is forged, missing, over-long, a path or a script",
     "tests/app/test_visitors.py::test_a_cookie_that_is_no_key_makes_a_new_visitor"),
    ("such a cookie in the headers of a real connection",
     "tests/browser/test_hostile_visitor.py::test_any_cookie_gets_every_page"),
    ("the id of another visitor's run, in the session",
     "tests/app/test_visitors.py::test_the_run_of_another_visitor_is_not_looked_at"),
    ("a run id with ../, absolute, empty or of no run",
     "tests/app/test_visitors.py::test_the_run_of_another_visitor_is_not_looked_at"),
    ("a visitor's name that is a path", "tests/unit/test_runs.py::test_an_owner_is_no_path"),
    ("the name of a run: long, with control characters",
     "tests/unit/test_runs.py::test_a_bad_name_gets_one_clear_sentence"),
    ("the name of a run: HTML, Markdown",
     "tests/browser/test_training_hall.py::"
     "test_the_name_of_a_run_is_shown_as_it_was_typed_on_every_page"),
    ("a recipe with values out of range",
     "tests/unit/test_training.py::test_a_bad_recipe_gets_one_clear_sentence"),
    ("any JSON as a recipe",
     "tests/unit/test_training.py::test_any_json_is_a_recipe_or_one_sentence"),
    ("a learning rate of NaN, infinity or below zero",
     "tests/unit/test_runs.py::test_a_learning_rate_out_of_range_gets_one_clear_sentence"),
    ("100 starts at once",
     "tests/unit/test_queue.py::"
     "test_a_hundred_starts_at_once_leave_five_waiting_and_the_others_a_place"),
    ("a visitor who comes as a new one for every start",
     "tests/unit/test_queue.py::test_ever_new_visitors_cannot_fill_the_queue"),
    ("100 refreshes during a start",
     "tests/browser/test_hostile_visitor.py::"
     "test_a_hundred_refreshes_during_a_start_leave_one_run"),
    ("a loss that explodes", "tests/unit/test_worker.py::test_a_run_whose_loss_explodes_says_so"),
    # The disk and the run folder
    ("the disk full",
     "tests/unit/test_worker.py::test_a_full_disk_fails_with_a_sentence_and_a_whole_checkpoint"),
    ("the run folder read-only",
     "tests/unit/test_queue.py::test_a_run_folder_that_cannot_be_written_is_told_in_a_sentence"),
    ("the run folder read-only, seen from the page",
     "tests/app/test_visitors.py::test_a_run_folder_that_cannot_be_written_is_told_on_the_page"),
    ("a run whose files are garbage", "tests/unit/test_damage.py::test_garbage_is_named"),
    ("a run whose files are folders, pipes or links",
     "tests/unit/test_damage.py::test_something_else_in_a_files_place_is_named"),
    ("a run whose files are cut short",
     "tests/unit/test_damage.py::test_a_file_that_was_cut_off_is_named"),
    ("a run with files that are none of a run's",
     "tests/unit/test_damage.py::test_foreign_files_are_named"),
    ("any bytes in the files of a run", "tests/unit/test_damage.py::test_any_bytes_in_any_file"),
    ("any JSON in the files of a run", "tests/unit/test_damage.py::test_any_json_in_any_place"),
    ("garbage in the queue", "tests/unit/test_queue.py::test_nothing_blocks_the_queue"),
    ("a link to a folder elsewhere among the runs",
     "tests/unit/test_cleanup.py::test_a_link_is_not_followed"),
    ("a worker that is killed", "tests/unit/test_queue.py::test_a_killed_runs_place_is_free_again"),
    ("a server that is killed",
     "tests/browser/test_server_killed.py::"
     "test_a_run_outlives_its_server_and_the_next_one_shows_its_end"),
    # MNIST and the network
    ("files of MNIST cut short, empty or zeros",
     "tests/unit/test_mnist.py::test_damaged_files_are_never_taken_for_whole_ones"),
    ("a mirror that gives something else",
     "tests/unit/test_mnist.py::test_a_download_that_is_not_mnist_leaves_nothing"),
    ("the network gone in mid-download",
     "tests/unit/test_mnist.py::test_a_network_that_goes_in_mid_download_leaves_nothing"),
    ("no network at all",
     "tests/unit/test_mnist.py::test_a_download_without_a_network_ends_in_one_sentence"),
    ("visitors who download at once",
     "tests/app/test_visitors.py::test_visitors_who_download_at_once_cause_one_download"),
    ("a torchvision that is broken",
     "tests/unit/test_mnist.py::test_a_broken_torchvision_costs_mnist_and_one_sentence"),
)  # fmt: skip


def test_every_kind_is_tried_by_a_test_that_exists():
    kinds = [kind for kind, _ in HOSTILE]
    assert len(set(kinds)) == len(kinds) >= 40
    missing = [test for _, test in HOSTILE if not exists(test)]
    assert missing == []


def exists(test: str) -> bool:
    """Whether a file has the test, as a function that pytest collects."""
    path, _, name = test.partition("::")
    body = ast.parse((REPOSITORY / path).read_text()).body
    return any(isinstance(node, ast.FunctionDef) and node.name == name for node in body)
