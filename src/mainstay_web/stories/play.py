"""The story day by day: reports come in, orders go out, are accepted, reported, blocked, and planned anew."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta

from mainstay.replay import Life
from mainstay.tables import Case
from mainstay_web import clock
from mainstay_web.directives.models import Directive, Issue, Kind
from mainstay_web.directives.reminders import remind
from mainstay_web.directives.replan import HeldUp, changes_of, held_up
from mainstay_web.jobs.kinds import Say, say_nothing
from mainstay_web.planning.models import Run
from mainstay_web.planning.scenarios import apply_scenario
from mainstay_web.stories import acts, office, reporters
from mainstay_web.stories.cast import Cast
from mainstay_web.stories.reporters import Received
from mainstay_web.stories.story import Calendar, Story
from mainstay_web.stories.truth import Script, Truth, lived, registered
from mainstay_web.supervision.agenda import Agenda, agenda
from mainstay_web.supervision.models import Mention


@dataclass
class Lived:
    """What came of one day; what did not happen that day is empty.

    number : counted from 1; day : in our calendar, planned : in the plan's
    """

    number: int
    day: date
    planned: date
    received: Received | None = None
    plans: list[Run] = field(default_factory=list)
    issues: list[Issue] = field(default_factory=list)
    accepted: int = 0
    blocked: list[Directive] = field(default_factory=list)
    held: list[HeldUp] = field(default_factory=list)
    answered: int = 0
    reported: int = 0
    finished: int = 0
    reminded: int = 0
    mentions: list[Mention] = field(default_factory=list)
    agenda: Agenda | None = None


class Play:
    """Lives through a story on a platform that was filled for it."""

    def __init__(
        self, story: Story, cast: Cast, calendar: Calendar, *, title: str, language: str, say: Say = say_nothing
    ) -> None:
        self.story, self.cast, self.calendar = story, cast, calendar
        self.title, self.language, self.say = title, language, say
        self.plans: list[Run] = []
        self.lives: dict[str, Life] = {}
        self.truth: Truth | None = None
        self._odd: tuple[int | None, int | None] = (None, None)

    def days(self) -> Iterator[Lived]:
        """Every day, when it is over."""
        for number in range(1, self.story.days + 1):
            yield self._live(number)

    @property
    def shift(self) -> int:
        """Days between the plan's calendar and ours."""
        return (self.calendar.day(1) - self._first).days

    @property
    def _first(self) -> date:
        return office.first_day(self.plans[0])

    def _live(self, number: int) -> Lived:
        day = self.calendar.day(number)
        with clock.at(self.calendar.moment(number, 7)):
            reminded = remind()
            received = self._morning_reports(number)
            made = [self._first_plan()] if number == 1 else []
        told = Lived(number, day, day - timedelta(self.shift), received, plans=made, reminded=reminded)
        if self.story.issues_on(number):
            with clock.at(self.calendar.moment(number, 9)):
                self._issue(told)
        if number == self.story.fails_on:
            self._fail(told)
        with clock.at(self.calendar.moment(number, 22)):
            self._evening(told)
            told.agenda = told.agenda or agenda(self.cast.office)
            if number == self.story.days:
                told.mentions = office.judge(self.cast, self.language)
        return told

    def _morning_reports(self, number: int) -> Received | None:
        """Before the first day the demo has reported."""
        if self.truth is None:
            return None
        return reporters.report_yesterday(self.cast, self.truth, self.calendar.day(number), self.shift, self.story.seed)

    def _first_plan(self) -> Run:
        run = office.plan(self.cast, self.story, self.title, self.say)
        office.approve(self.cast, run, self.language)
        self.plans.append(run)
        self._script = self._script_of(run)
        self._live_through("undisturbed", registered(run), self._script)
        return run

    def _script_of(self, *plans: Run) -> Script:
        return Script("", {office.first_day(run): run for run in plans})

    def _live_through(self, name: str, case: Case, script: Script) -> None:
        """Live the days in the world of a case; what addressees say from now on is what came of it."""
        self.lives[name] = lived(case, script, self.story.days, every=self.story.fails_on - 1)
        self.truth = Truth(self.lives[name])

    def _issue(self, told: Lived) -> None:
        told.issues.append(office.issue(self.cast, self.story, self.plans[-1]))
        told.accepted += acts.accept_orders(self.cast)
        if self._odd == (None, None):
            self._odd = self.cast.odd_ones(self.story.seed)

    def _fail(self, told: Lived) -> None:
        """A large maker fails; what that holds up is planned anew, and its orders go out the same day."""
        with clock.at(self.calendar.moment(told.number, 10)):
            until = told.planned + timedelta(self.story.back_on - told.number)
            told.blocked = acts.block(self.cast, self.story, until, self.language)
            told.held = held_up(self.cast.office)
            told.agenda = agenda(self.cast.office)
            case = registered(self.plans[0])
            true = apply_scenario(case, changes_of(told.blocked, case, until)[0])
        with clock.at(self.calendar.moment(told.number, 11)):
            told.answered = office.help_blocked(self.cast, self.language)
            stands = self._script.seen[told.planned].case
            run = office.plan_anew(self.cast, stands, f"{self.title}, {told.planned}", self.say)
        with clock.at(self.calendar.moment(told.number, 14)):
            office.approve(self.cast, run, self.language)
            self.plans.append(run)
            told.plans.append(run)
            self._live_through("kept", true, self._script_of(self.plans[0]))
            self._live_through("anew", true, self._script_of(*self.plans))
            self._issue(told)

    def _evening(self, told: Lived) -> None:
        """Addressees say what they did: the last day of an order ends it, makers report each day before that."""
        late, boasts = self._odd
        for directive in acts.running():
            done = self._claimed(directive, told.planned, boasts)
            last = directive.ends + timedelta(directive.addressee_id == late)
            if last <= told.planned:
                acts.finish(self.cast, directive, done, self.language)
                told.finished += 1
            elif directive.kind == Kind.MAKE and done > directive.done:
                acts.report(self.cast, directive, done)
                told.reported += 1

    def _claimed(self, directive: Directive, planned: date, boasts: int | None) -> float:
        done = self.truth.done(directive, planned) if self.truth else 0.0
        is_boast = directive.addressee_id == boasts and directive.kind == Kind.MAKE
        return done * (1 + self.story.boast) if is_boast else done
