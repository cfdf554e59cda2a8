"""The filter line: typing, counting, completing, going wrong, leaving."""

from tests.tui.gallery import Gallery
from tests.tui.looking import lines_with, screen_text, until
from workbench.tui.widgets.filter_box import Answer, Completion, FilterBox, below_lines


async def opened(app, pilot) -> FilterBox:
    """Open the filter and return it."""
    await until(pilot, lambda: app.gallery.table.cursor_row is not None)
    await pilot.press("slash")
    box = app.gallery.query_one(FilterBox)
    await until(pilot, lambda: box.has_class("-open"))
    return box


async def test_a_count_while_typing():
    """The count appears beside the text and goes with an answer to an older text."""
    app = Gallery()
    async with app.run_test(size=(80, 24)) as pilot:
        box = await opened(app, pilot)
        await pilot.press(*"auc>0.9")
        box.answer = Answer("auc>0.9", matching=123, total=5051)
        await until(pilot, lambda: lines_with(screen_text(app), "/ auc>0.9"))
        assert "123 of 5,051" in lines_with(screen_text(app), "/ auc>0.9")[0]
        await pilot.press("5")
        box.answer = Answer("auc>0.9", matching=7, total=5051)
        await pilot.pause()
        assert "7 of 5,051" not in screen_text(app)


async def test_an_error_points_at_its_column():
    """The caret stands under the column, and Enter does not take a wrong filter."""
    app = Gallery()
    async with app.run_test(size=(80, 24)) as pilot:
        box = await opened(app, pilot)
        await pilot.press(*"auc >> 1")
        box.answer = Answer("auc >> 1", error="A value is expected here.", column=5)
        await until(pilot, lambda: "A value is expected" in screen_text(app))
        typed = lines_with(screen_text(app), "auc >> 1")[0]
        below = lines_with(screen_text(app), "A value is expected")[0]
        assert below.index("▲") == typed.index(">>") + 1
        await pilot.press("enter")
        await pilot.pause()
        assert app.gallery.filters == []


async def test_tab_takes_a_completion():
    """Arrows choose, Tab puts in what is chosen in place of what was begun."""
    app = Gallery()
    async with app.run_test(size=(80, 24)) as pilot:
        box = await opened(app, pilot)
        await pilot.press(*"val/a")
        box.answer = Answer(
            "val/a",
            completions=(Completion("val/acc", 0, "metric"), Completion("val/auc", 0, "metric")),
        )
        await until(pilot, lambda: "▌val/acc" in screen_text(app))
        await pilot.press("down", "tab")
        await until(pilot, lambda: box.text == "val/auc")
        await pilot.press("enter")
        await until(pilot, lambda: app.gallery.filters == ["val/auc"])


async def test_letters_are_text_and_escape_clears():
    """No key of the table works while typing; Esc takes the filter off and closes."""
    app = Gallery()
    async with app.run_test(size=(80, 24)) as pilot:
        box = await opened(app, pilot)
        await pilot.press(*"q?s/")
        assert box.text == "q?s/"
        assert "Esc Clear" in screen_text(app).splitlines()[-1]
        assert "Sort" not in screen_text(app).splitlines()[-1]
        await pilot.press("escape")
        await until(pilot, lambda: not box.has_class("-open"))
        assert app.is_running


def test_many_completions_scroll():
    """The chosen one is always among those shown."""
    answer = Answer(completions=tuple(Completion(f"metric{n}", 0) for n in range(20)))
    shown = ["".join(cell.text for cell in line) for line in below_lines(answer, 12)]
    assert len(shown) == 6
    assert "▌metric12" in shown[-1]
    assert len(below_lines(answer, 0)) == 6
