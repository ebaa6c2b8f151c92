"""Leading the story: fill the platform, live through the days, say what came of them."""

from __future__ import annotations

from collections.abc import Iterator

from mainstay.tables import Case
from mainstay_web import clock
from mainstay_web.operations import demo
from mainstay_web.planning.words import names_of
from mainstay_web.stories.cast import Cast
from mainstay_web.stories.outcome import Outcome
from mainstay_web.stories.play import Play
from mainstay_web.stories.story import Calendar, Story
from mainstay_web.stories.telling import Teller


def lead(case: Case, story: Story, language: str) -> Iterator[str]:
    """Lines of the story as they come true; all of it happens on an empty platform.

    Raises
    ------
    MainstayError : the case has errors, or gives no plan
    """
    teller, calendar = Teller(language), Calendar.until_now(story.days)
    yield teller.begin(story)
    with clock.at(calendar.moment(1, 6)):
        cast = Cast.gather(demo.fill(case).organisation, case, story.maker)
    title = case.title if language == "en" else case.title_zh
    play = Play(story, cast, calendar, title=title, language=language)
    for lived in play.days():
        yield ""
        head, *lines = teller.day(lived)
        yield head
        yield from (f"  {line}" for line in lines)
    yield ""
    yield from teller.end(Outcome(play.lives), names_of(play.plans[-1].results), story.days)
