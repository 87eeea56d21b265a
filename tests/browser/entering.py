"""What an entrant does to have an entry that lacks nothing but its film."""

from collections.abc import Mapping, Sequence

from tests.browser.people import Person

HOME = "/first-light-2026"


def enter(
    person: Person,
    story: Mapping[str, str],
    uses: Sequence[tuple[str, str]],
    *,
    form: str = "",
    first: str = "",
) -> str:
    """A draft with its form filled in; gives the address of its page.

    `uses`: stages with the key of a tool. `first` and `form` name the pictures of the empty and of the filled form.
    """
    page = person.go(f"{HOME}/enter/").page
    if first:
        person.check(first)
    page.fill("input[name=title]", story["title"])
    page.click("main form button[type=submit]")
    page.wait_for_load_state()
    if not page.query_selector("textarea[name=ai_statement]"):
        page.click('a[href$="/edit/"]')
    for name, value in story.items():
        page.fill(f"main [name={name}]", value)
    for place, (stage, tool) in enumerate(uses):
        if place:
            page.click("[data-add]")
        page.select_option(f"[name=uses-{place}-stage]", stage)
        page.select_option(f"[name=uses-{place}-tool]", tool)
    if form:
        person.check(form)
    page.click("main form button[type=submit]")
    page.wait_for_load_state()
    address = page.url.removeprefix(person.url)
    assert address == f"/entries/{address.split('/')[2]}/"
    return address


def declare(person: Person, address: str, name: str = "") -> None:
    """Agree to what is asked of every film; the rest does not concern this one."""
    page = person.go(f"{address}rights/").page
    for box in page.query_selector_all("main input[type=checkbox]"):
        box.check()
    for choice in page.query_selector_all('main input[type=radio][value="none"]'):
        choice.check()
    if name:
        person.check(name)
    page.click("main form button[type=submit]")
    page.wait_for_load_state()
