"""What the floors above tell the audience's vote: who made which film."""

from collections.abc import Callable, Collection

Makers = Callable[[int, Collection[str]], set[str]]
_makers: list[Makers] = []


def register_makers(makers: Makers) -> None:
    """`makers(account, sources)` gives those of the sources (codes of entries) that the account has made, or takes part
    in. Called when the site starts.
    """
    if makers not in _makers:
        _makers.append(makers)


def made_by(account: int | None, sources: Collection[str]) -> set[str]:
    """The sources among these that are the account's own."""
    asked = {source for source in sources if source}
    if account is None or not asked:
        return set()
    return set().union(*(makers(account, asked) for makers in _makers))
