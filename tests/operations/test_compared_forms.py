"""Text of users in other programs' languages: shown as it is, and never read as markup."""

from workbench.operations.compared_forms import markdown_text, tex_text


def test_a_name_that_begins_a_row_is_not_read_with_the_end_of_the_row_before() -> None:
    """LaTeX takes a star after a line's end as part of it, and it would be gone."""
    assert tex_text("*args") == "{*}args"
    assert tex_text("[1]") == "{[}1{]}"


def test_a_dollar_begins_no_formula() -> None:
    """Two prices in a cell are not set as mathematics."""
    assert markdown_text("$5 to $9") == r"\$5 to \$9"
    assert tex_text("$5") == r"\$5"
