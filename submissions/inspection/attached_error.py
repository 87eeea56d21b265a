"""Why a file beside a film cannot be used."""


class AttachedError(Exception):
    """`code` is a key of `attached_words.REFUSALS`; `values` are what the sentence names."""

    def __init__(self, code: str, **values: int | str) -> None:
        super().__init__(code)
        self.code = code
        self.values = values
