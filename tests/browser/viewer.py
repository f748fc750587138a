"""OHIF in a browser, used as a reader uses it: a study is opened, a series double-clicked, a question answered.

What it shows is read from its own state by ``state.js``. An image is named by SOP Instance UID and frame, ``2.25.1/1``.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from PIL import Image
from playwright.sync_api import Browser, Page
from playwright.sync_api import TimeoutError as PlaywrightTimeout

SIZE = {"width": 1100, "height": 720}
SECONDS = 180

Mask = npt.NDArray[np.bool_]
Places = npt.NDArray[np.float64]


@dataclass(frozen=True, kw_only=True)
class ShownSegment:
    """``colour`` red, green, blue of 255; ``masks``: image -> (rows, columns)."""

    label: str
    colour: tuple[int, int, int]
    masks: dict[str, Mask]


@dataclass(frozen=True, kw_only=True)
class ShownLine:
    """``points`` (n, 2): column and row on the image."""

    image: str
    points: Places


@dataclass(frozen=True, kw_only=True)
class Drawn:
    """What lies over the image: the words beside each line, and (left, top, right, bottom) of lines on the screen."""

    words: list[list[str]]
    lines: Places


class Viewer:
    """A page of OHIF at ``url``. ``mishaps``: exceptions of the page and errors on its console, as they came."""

    def __init__(self, browser: Browser, url: str) -> None:
        self._url = url
        self.mishaps: list[str] = []
        self._page = _page(browser, self.mishaps)

    def close(self) -> None:
        """The page and all it holds."""
        self._page.context.close()

    def widen(self, width: int, height: int) -> None:
        """Make the window so large, in pixels."""
        self._page.set_viewport_size({"width": width, "height": height})

    def open(self, study_instance_uid: str, *, series: int) -> None:
        """Open the study; wait until so many series are listed. What greets a new reader is waved away."""
        self._page.goto(f"{self._url}/viewer?StudyInstanceUIDs={study_instance_uid}")
        self._wait("count => ohifState.countOfDisplaySets() === count", series)
        self._page.wait_for_selector("canvas.cornerstone-canvas")
        self._page.get_by_text("Skip all").click()
        self._page.get_by_text("Confirm and hide").click()

    def show_segmentation(self, series_instance_uid: str) -> None:
        """Double-click it, and say Yes when asked whether it is to be laid over the images."""
        shown = self._double_click(series_instance_uid)
        self._page.locator("[data-cy=yes-hydrate-btn]").click()
        self._wait("id => ohifState.isLaidOver(id)", shown)

    def show_measurements(self, series_instance_uid: str) -> None:
        """Double-click a report that is drawn; wait until the viewer has all of it."""
        self._wait("id => ohifState.isOpened(id)", self._double_click(series_instance_uid))

    def split(self) -> None:
        """Two viewports side by side."""
        self._page.locator("[data-cy=Layout]").click()
        self._page.locator("[data-cy=Layout-1-0]").click()

    def activate(self, place: int) -> None:
        """Click into a viewport, counted from 0."""
        self._page.locator("[data-cy=viewport-pane]").nth(place).click()

    def show_text(self, series_instance_uid: str, sentence: str) -> str:
        """Double-click a report that is read; all the text on the screen once this sentence is there."""
        self._double_click(series_instance_uid)
        self._page.get_by_text(sentence).wait_for()
        return self._page.locator("body").inner_text()

    def segments(self) -> list[ShownSegment]:
        """Every segment laid over the active viewport."""
        return [
            ShownSegment(
                label=each["label"],
                colour=tuple(each["colour"][:3]),
                masks={image["image"]: _mask(image) for image in each["images"]},
            )
            for each in self._ask("() => ohifState.segments()")
        ]

    def lines(self) -> list[ShownLine]:
        """Every line of every report that was opened."""
        return [
            ShownLine(image=each["image"], points=np.array(each["points"], float))
            for each in self._ask("() => ohifState.lines()")
        ]

    def drawn(self) -> Drawn:
        """What is drawn over the image in the viewport; wait until something is."""
        self._wait("() => ohifState.isDrawnOver()")
        found = self._ask("() => ohifState.drawn()")
        return Drawn(words=found["words"], lines=np.array(found["lines"], float).reshape(-1, 4))

    def scroll_to(self, image: str) -> None:
        """Bring an image into the viewport; the screen follows a little later."""
        self._ask("image => ohifState.scrollTo(image)", image)
        self._wait("image => ohifState.isAt(image)", image)

    def on_screen(self, places: Iterable[Sequence[float]]) -> Places:
        """(n, 2) screen pixels for (column, row) of the image in the viewport; 0, 0 is the first pixel's corner."""
        given = [list(map(float, place)) for place in places]
        return np.array(self._ask("places => ohifState.onScreen(places)", given))

    def colours(self, places: Iterable[Sequence[float]]) -> npt.NDArray[np.uint8]:
        """(n, 3) of red, green, blue as the screen shows these places of the image."""
        screen = np.asarray(self.picture())
        x, y = np.round(self.on_screen(places)).astype(int).T
        return screen[y, x]

    def picture(self) -> Image.Image:
        """The screen."""
        return Image.open(BytesIO(self._page.screenshot())).convert("RGB")

    def _double_click(self, series_instance_uid: str) -> str:
        found: str = self._ask("uid => ohifState.displaySet(uid)", series_instance_uid)
        self._page.locator(f"#thumbnail-{found}").dblclick()
        return found

    def _ask(self, expression: str, argument: object = None) -> Any:
        return self._page.evaluate(expression, argument)

    def _wait(self, condition: str, argument: object = None) -> None:
        try:
            self._page.wait_for_function(condition, arg=argument, polling=500)
        except PlaywrightTimeout:
            raise AssertionError(f"not within {SECONDS} s: {condition}; {self.mishaps}") from None


def _page(browser: Browser, mishaps: list[str]) -> Page:
    page = browser.new_context(viewport=SIZE).new_page()
    page.set_default_timeout(SECONDS * 1000)
    page.on("pageerror", lambda error: mishaps.append(str(error)))
    page.on("console", lambda said: mishaps.append(said.text) if said.type == "error" else None)
    page.add_init_script(path=Path(__file__).with_name("state.js"))
    return page


def _mask(image: dict[str, Any]) -> Mask:
    mask = np.zeros(image["rows"] * image["columns"], np.bool_)
    for first, length in image["runs"]:
        mask[first : first + length] = True
    return mask.reshape(image["rows"], image["columns"])
