"""Articles of our own writing for the checks' tests."""

from briefer.check.evidence import Evidence
from briefer.models import Article

HARBOUR = """
The Harbour Authority of Port Ellery said on Tuesday that it will close the Old Mole to traffic.
Marta Lindqvist, the authority's director, said engineers had found cracks in four of its nine piers.
“We cannot keep lorries on a wall that moves,” Lindqvist told reporters. “It is not safe.”
She did not say when the Old Mole would open again.
Tomás Okafor, who runs the ferry company Selkie Lines, said the closure “will cost us … every working day”.
Police suspect that a barge struck the wall in February and did not report it.
The barge's owner, Dunmore Freight, denied any part in the damage.
The Port Ellery Fishing Cooperative (PEFC) plans to ask the Danish government for help.
Mayor Ruth Calloway refused to rule out a toll, the Ellery Courier reported.
An inspector, according to the Courier, accused Dunmore Freight of bribery.
"""


def evidence(text: str = HARBOUR, language: str = "en") -> Evidence:
    """The evidence of one article of this text."""
    article = Article.from_text(text, title="Port Ellery closes the Old Mole", url="")
    return Evidence.of([article.model_copy(update={"language": language})])
