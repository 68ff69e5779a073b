"""What briefs will take, from the questions a rehearsal noted: at least, as is to be expected, at most.

The expectation rests on what briefs of the same model took before, where there are enough of them.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from briefer.joined import join
from briefer.models import STATEMENT_CHARACTERS, WHAT_HAPPENED_MAX, WHY_IT_MATTERS_MAX, Brief, Value
from briefer.text import translation
from briefer.write.budget import ASCII_PER_TOKEN
from briefer.write.converse import LONGER, REPAIR_TURNS, Job, opening
from briefer.write.prices import Price, cost
from briefer.write.prompt import Prompt
from briefer.write.purse import prompt_likely
from briefer.write.rehearse import TURNS, Question
from briefer.write.schema import BRIEF, KEEP, MEND, MEND_OPENING, OPENING, VERDICTS

#: So many earlier briefs of a model say what the next will take. What varies most is the size of articles,
#: which is counted; calls lie between 1 and 3: the mean of ten has a standard error of a third at most.
ENOUGH = 10
#: The shortest answers of each form, as o200k_base counts them: three statements of six words; one of them;
#: no sentence to keep; three verdicts of two words; two sentences of an opening; one of them.
LEAST_ANSWER = {
    BRIEF.name: 60,
    MEND.name: 20,
    KEEP.name: 4,
    VERDICTS.name: 40,
    OPENING.name: 40,
    MEND_OPENING.name: 20,
}
#: The shortest prompt of a judge: what it is told to do, and three statements with a sentence each.
LEAST_JUDGE = 400
#: The answer for a part of a long article; those in cassettes/in_parts.yaml have 14 to 22 tokens.
KEEP_ANSWER = 20
#: What a repair turn adds to a prompt, in tokens: the answer without what is wanting, and what is wrong with
#: it. In the six first repair turns of cassettes/ it is 339 to 462 tokens of o200k_base, 404 in the median.
SENT_BACK_TOKENS = 404
#: What a repair turn adds to a prompt, the answer and what is wrong with it, in longest answers, at most.
SENT_BACK = 2
#: What a judge's prompt holds at most beside the article, in tokens: the statements.
STATEMENTS = round((2 + WHAT_HAPPENED_MAX + WHY_IT_MATTERS_MAX) * STATEMENT_CHARACTERS / ASCII_PER_TOKEN)


class Outlay(Value):
    """Calls, their tokens, and US dollars, None where a price is unknown. A mean has parts of calls."""

    calls: float = 0.0
    prompt_tokens: int = 0
    completion_tokens: int = 0
    usd: float | None = 0.0

    def __add__(self, other: "Outlay") -> "Outlay":
        return Outlay(
            calls=round(self.calls + other.calls, 2),
            prompt_tokens=self.prompt_tokens + other.prompt_tokens,
            completion_tokens=self.completion_tokens + other.completion_tokens,
            usd=None if self.usd is None or other.usd is None else self.usd + other.usd,
        )


class Rates(Value):
    """What a brief took on the average of so many `briefs` (0: of those Briefer was tried with).

    `calls` are those that wrote it, `answer` is the tokens of all their answers, `prompt` the tokens a model
    counts in a prompt for each that it was likely to have. `judge_prompt` and `judge_answer` are the judge's.
    """

    briefs: int = 0
    calls: float
    prompt: float
    answer: float
    judge_prompt: float
    judge_answer: float


#: Briefs by Qwen2.5-Coder 1.5B. `answer`: docs/design.md, "Prompts, compared". `prompt`: the first prompts of
#: three news pages, likely 5,265 tokens and counted by the model as 5,671. `calls` were not noted there: 2.6
#: makes 5,102 tokens of prompts out of first prompts of likely 1,521, the mean of the same 12 articles.
#: `judge_prompt`: what a judge is shown of 15 drafts in cassettes/, with seven statements each, is likely 783
#: tokens; `judge_answer`: seven times the 27 tokens a statement of cassettes/judge.yaml.
TRIED = Rates(calls=2.6, prompt=1.08, answer=525, judge_prompt=850, judge_answer=190)


def measured(briefs: Sequence[Brief], first: Callable[[Brief], int], judge: str = "") -> Rates:
    """Return what these briefs of one model took, or `TRIED` where they are fewer than `ENOUGH`.

    Those condensed in parts do not count, nor those whose tokens the server did not. `first` says how many
    tokens a brief's first prompt was likely to have; the judge's rates are of the calls of the model `judge`.
    """
    briefs = [one for one in briefs if one.provenance.prompt_tokens and not one.provenance.parts]
    made = [brief.provenance for brief in briefs]
    judged = [one.judge for one in made if one.judge]
    theirs = [one for one in judged if one.model == judge and one.prompt_tokens and not one.failure]
    rates = TRIED.model_dump()
    if len(made) >= ENOUGH:
        prompts = sum(one.prompt_tokens for one in made) - sum(one.prompt_tokens for one in judged)
        answers = sum(one.completion_tokens for one in made) - sum(one.completion_tokens for one in judged)
        likely = sum(_prompts(first(one), one.provenance.attempts) for one in briefs)
        rates["briefs"] = len(made)
        rates["calls"] = sum(one.attempts for one in made) / len(made)
        rates["prompt"] = prompts / likely
        rates["answer"] = answers / len(made)
    if len(theirs) >= ENOUGH:
        rates["judge_prompt"] = sum(one.prompt_tokens for one in theirs) / len(theirs)
        rates["judge_answer"] = sum(one.completion_tokens for one in theirs) / len(theirs)
    return Rates(**rates)


def first_prompt(brief: Brief, prompt: Prompt, likely: Callable[[str], int]) -> int:
    """Return how many tokens the first prompt of a finished brief was likely to have."""
    article = join(brief.articles)
    translated = translation(brief.lead.language, brief.language)
    return prompt_likely(
        opening(prompt, Job(article, article.numbered(), translated, brief.articles)), likely
    )


def _prompts(first: float, calls: float) -> float:
    """The likely tokens of a conversation's prompts: each repair turn shows the first prompt again."""
    return calls * first + (calls - 1) * SENT_BACK_TOKENS


@dataclass(frozen=True)
class JudgeTerms:
    """A judge's price, None where it is unknown, and how long its answer may be, in tokens."""

    price: Price | None
    longest: int


#: Calls, tokens of their prompts, tokens of their answers.
_Amount = tuple[float, float, float]


class Forecast:
    """Forecasts what the questions noted for one brief, and what follows them, will take.

    Answers that are kept take nothing. Nothing is taken to be cached by the server.
    """

    def __init__(self, rates: Rates, price: Price | None, judge: JudgeTerms | None = None) -> None:
        self._rates, self._price, self._judge = rates, price, judge

    def least(self, questions: Sequence[Question]) -> Outlay:
        """The brief is valid at once, and its answers are as short as they can be."""

        def amount(one: Question) -> _Amount:
            return 1, one.prompt, LEAST_ANSWER[one.form]

        return self._sum(questions, amount, lambda _: (1, LEAST_JUDGE, LEAST_ANSWER[VERDICTS.name]))

    def expected(self, questions: Sequence[Question]) -> Outlay:
        """The brief takes what others took on average, and so, at the most, does an opening."""
        rates = self._rates

        def amount(one: Question) -> _Amount:
            if one.form == KEEP.name:
                return 1, one.prompt * rates.prompt, KEEP_ANSWER
            if one.form == VERDICTS.name:
                return 1, one.prompt * rates.prompt, rates.judge_answer
            left = 1 + (rates.calls - 1) * (REPAIR_TURNS - one.turn) / REPAIR_TURNS
            return left, _prompts(one.prompt, left) * rates.prompt, rates.answer * left / rates.calls

        return self._sum(questions, amount, lambda _: (1, rates.judge_prompt, rates.judge_answer))

    def most(self, questions: Sequence[Question]) -> Outlay:
        """Every repair turn is needed, and every prompt and answer is as long as it may be."""

        def amount(one: Question) -> _Amount:
            if one.form == VERDICTS.name:
                return 1, one.bound, one.longest
            calls = 2 if one.form == KEEP.name else 1 + REPAIR_TURNS - one.turn
            longer = 1 if one.form == KEEP.name else LONGER
            prompts = calls * one.bound + (calls - 1) * SENT_BACK * one.longest
            return calls, prompts, one.longest * sum(longer**turn for turn in range(calls))

        judge = self._judge.longest if self._judge else 0
        return self._sum(questions, amount, lambda one: (1, one.bound + STATEMENTS, judge))

    def aside(self, questions: Sequence[Question]) -> float | None:
        """US dollars a cap sets aside for the first call; None where the price is unknown."""
        first = next((one for one in questions if not one.kept), None)
        return 0.0 if first is None else self._outlay(first.form, (1, first.bound, first.longest)).usd

    def _sum(
        self,
        questions: Sequence[Question],
        amount: Callable[[Question], _Amount],
        judge: Callable[[Question], _Amount],
    ) -> Outlay:
        asked = [one for one in questions if not one.kept]
        total = sum((self._outlay(one.form, amount(one)) for one in asked), Outlay())
        if self._judge and asked and asked[-1].form in TURNS:
            total += self._outlay(VERDICTS.name, judge(asked[-1]))
        return total

    def _outlay(self, form: str, amount: _Amount) -> Outlay:
        price = self._judge.price if self._judge and form == VERDICTS.name else self._price
        calls, prompts, answers = round(amount[0], 2), round(amount[1]), round(amount[2])
        usd = None if price is None else cost(price, prompts, 0, answers)
        return Outlay(calls=calls, prompt_tokens=prompts, completion_tokens=answers, usd=usd)
