"""Somebody at a browser: logs in, looks at pages, and notices what must not be there."""

import json
from pathlib import Path
from typing import Any

AXE = (Path(__file__).parent.parent / "vendor/axe/axe.min.js").read_text()
PASSWORD = "first-light-demo"
CHINESE, ENGLISH = "zh-CN", "en-GB"


class Person:
    """A browser of one's own. `faults` collects script errors, blocked content and failed requests."""

    def __init__(
        self, browser: Any, url: str, *, locale: str = ENGLISH, width: int = 1280, shots: Path | None = None
    ) -> None:
        self.url, self.locale = url, locale
        self.context = browser.new_context(
            base_url=url, locale=locale, viewport={"width": width, "height": 900}, accept_downloads=True
        )
        self.page = self.context.new_page()
        self.page.set_default_timeout(20_000)
        self.faults: list[str] = []
        self.expected = ["status of 40"]  # what the console says then is no fault
        self.page.on("pageerror", lambda error: self.faults.append(f"script: {error}"))
        self.page.on("console", self._hear)
        self.shots = shots
        self.seen: set[str] = set()

    def _hear(self, message: Any) -> None:
        if message.type == "error" and not any(text in message.text for text in self.expected):
            self.faults.append(f"console: {message.text}")

    def log_in(self, who: str) -> "Person":
        """With one of the demonstration's accounts."""
        self.page.goto("/accounts/login/")
        self.page.fill("input[name=login]", f"{who}@demo.example")
        self.page.fill("input[name=password]", PASSWORD)
        self.page.click("main form button[type=submit]")
        self.page.wait_for_url(lambda url: "/login/" not in url)
        # The account's own language comes first; this person reads the one of the browser.
        language = "zh-hans" if self.locale == CHINESE else "en"
        self.context.add_cookies([{"name": "django_language", "value": language, "url": self.url}])
        return self

    def go(self, path: str, *, status: int = 200) -> "Person":
        try:
            answer = self.page.goto(path)
        except Exception as error:
            if "ERR_ABORTED" not in str(error):
                raise
            answer = self.page.goto(path)  # the page was just on its way elsewhere
        assert answer.status == status, f"{path}: {answer.status}"
        return self

    def text(self, selector: str = "main") -> str:
        return self.page.inner_text(selector)

    def post(self, ending: str) -> "Person":
        """Press the button of the form whose address ends so, and wait for its answer: whoever goes elsewhere sooner
        takes what was sent back.
        """
        done: list[Any] = []
        moved: list[Any] = []

        def hear(request: Any) -> None:
            if request.method == "POST" and request.url.endswith(ending):
                done.append(request)

        heard = {
            "requestfinished": hear,
            "requestfailed": hear,
            "framenavigated": lambda frame: moved.append(frame),
        }
        for event, listener in heard.items():
            self.page.on(event, listener)
        self.page.click(f'form[action$="{ending}"] button[type=submit]')
        for _attempt in range(400):
            if done and (moved or not done[0].is_navigation_request() or done[0].failure):
                break
            self.page.wait_for_timeout(50)
        for event, listener in heard.items():
            self.page.remove_listener(event, listener)
        self.page.wait_for_load_state()
        return self

    def until(self, path: str, *sentences: str, seconds: int = 90) -> "Person":
        """Reload a page until it says one of these."""
        for _attempt in range(seconds * 2):
            try:
                self.go(path)
            except Exception as error:
                if "ERR_ABORTED" not in str(error):
                    raise
                continue  # it was reloading itself again
            if any(sentence in self.text() for sentence in sentences):
                return self
            self.page.wait_for_timeout(500)
        raise AssertionError(f"{path} never said {sentences}; it says:\n{self.text()}")

    def check(self, name: str) -> "Person":
        """The page is accessible, does not overflow, and said nothing amiss; a picture is kept when asked for."""
        if name in self.seen:
            return self
        self.seen.add(name)
        if self.shots:
            self.page.screenshot(path=self.shots / f"{name}.png", full_page=True)
        # evaluate() is the debugger's way in: it may do what the page's own policy forbids.
        self.page.evaluate(AXE)
        found = json.loads(
            self.page.evaluate(
                "axe.run(document, {resultTypes: ['violations']}).then(r => JSON.stringify(r.violations"
                ".filter(v => ['serious', 'critical'].includes(v.impact))"
                ".map(v => [v.id, v.nodes.map(n => n.html.slice(0, 160))])))"
            )
        )
        assert found == [], f"{name}: {found}"
        wide = self.page.evaluate("document.documentElement.scrollWidth - innerWidth")
        assert wide <= 0, f"{name} is {wide} pixels too wide"
        assert self.faults == [], f"{name}: {self.faults}"
        return self
