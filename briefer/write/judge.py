"""The judge: a model that is asked once whether the cited sentences entail each statement.

It sees the statements' sentences and not what their writer was told or answered, so that it may be the
writer's own model as well as another.
"""

from collections.abc import Sequence

from briefer.errors import BudgetError, WriteError
from briefer.models import Article, Finding, Judging, Statement
from briefer.text import clean
from briefer.write.answers import InvalidAnswerError, VerdictAnswer, parse_verdicts
from briefer.write.client import Answer, CutOffError, Model, RefusedError, UnansweredError
from briefer.write.prompt import Prompt, Prompts
from briefer.write.schema import PLACES, verdicts_schema

#: Tokens of answer a statement may take: its number, a reason of 15 words and a verdict are about 45, as
#: Qwen2.5 counts them; a model that is wordier than it was asked to be is not cut off at once.
TOKENS_A_STATEMENT = 90
#: A reason longer than this is cut at a word.
REASON_CHARACTERS = 200
_UNREAD = "its answer could not be read"


class Judge:
    """Asks the client's model; `prompts` holds the prompt `judge`."""

    def __init__(self, client: Model, prompts: Prompts) -> None:
        self._client, self._prompt = client, prompts.get("judge")

    async def judge(
        self, article: Article, statements: Sequence[tuple[str, Statement]]
    ) -> tuple[list[Finding], Judging]:
        """Return a finding for each statement (with its place) that is not entailed, and what was asked.

        An answer that does not come or cannot be read is a `failure` in that record. Raises ModelError where
        the judge cannot be asked at all, BudgetError where there is no money left to ask.
        """
        record = Judging(model=self._client.model)
        if not statements:
            return [], record
        try:
            answer = await self._ask(article, [statement for _, statement in statements])
        except (CutOffError, RefusedError) as error:
            return [], _counted(record, error.answer, failure=error.message)
        except BudgetError:
            raise
        except WriteError as error:
            usd = None if isinstance(error, UnansweredError) else 0.0  # a refused request costs nothing
            return [], record.model_copy(update={"failure": error.message, "cost_usd": usd})
        try:
            verdicts = parse_verdicts(answer.text, article, len(statements))
        except InvalidAnswerError:
            return [], _counted(record, answer, failure=_UNREAD)
        told = [verdicts.get(number) for number in range(1, len(statements) + 1)]
        unclear = sum(verdict is None or verdict.entailed == "unclear" for verdict in told)
        findings = [
            _finding(place, statement, verdict)
            for (place, statement), verdict in zip(statements, told, strict=True)
            if verdict and verdict.entailed == "no"
        ]
        return findings, _counted(record, answer, unclear=unclear)

    async def _ask(self, article: Article, statements: Sequence[Statement]) -> Answer:
        prompt, count = self._prompt, len(statements)
        shown = prompt.article(article, shown_to_judge(article, statements), statements=statements)
        return await self._client.complete(
            [{"role": "system", "content": prompt.system()}, {"role": "user", "content": shown}],
            verdicts_schema(count),
            temperature=prompt.meta.sampling.temperature,
            max_tokens=_longest(prompt, count),
        )


def longest_answer(prompts: Prompts) -> int:
    """Return how many tokens the answer of a judge may have at most, whatever the brief."""
    return _longest(prompts.get("judge"), len(PLACES))


def _longest(prompt: Prompt, statements: int) -> int:
    return max(prompt.meta.sampling.max_tokens, statements * TOKENS_A_STATEMENT)


def shown_to_judge(article: Article, statements: Sequence[Statement]) -> list[tuple[int, str]]:
    """The sentences that statements cite, each with the one before it: "he" and "the plan" stand there."""
    cited = {number for statement in statements for number in statement.sources}
    near = cited | {number - 1 for number in cited}
    return [(number, text) for number, text in article.numbered() if number in near]


def _finding(place: str, statement: Statement, verdict: VerdictAnswer) -> Finding:
    why = " ".join(clean(verdict.why).split())
    if len(why) > REASON_CHARACTERS:
        why = f"{why[:REASON_CHARACTERS].rpartition(' ')[0]} …"
    message = "does not follow from the sentences it cites" + (f": {why}" if why else "")
    return Finding(
        kind="judge",
        statement=place,
        message=message,
        sentence=statement.sources[0] if statement.sources else None,
    )


def _counted(record: Judging, answer: Answer, *, unclear: int = 0, failure: str = "") -> Judging:
    return record.model_copy(
        update={
            "unclear": unclear,
            "failure": failure,
            "prompt_tokens": answer.prompt_tokens,
            "completion_tokens": answer.completion_tokens,
            "cached_tokens": answer.cached_tokens,
            "cost_usd": answer.cost_usd,
        }
    )
