"""How tests are the person who allows an app to act for an account, with a browser that has no screen."""

import re

import httpx2

from xbot_pipelines_tests.practice_site import Practice, client_of

_PATIENCE_SECONDS = 20.0


def decide(practice: Practice, address: str, decision: str = "allow") -> str:
    """Answers X's page as our account, and tells where X sends the browser then: the secret is in it."""
    person = practice.visitor().http
    page = person.get(address)
    found = re.search(r'name="authenticity_token" value="([^"]+)"', page.text)
    assert found is not None, page.text
    answer = person.post(address, data={"authenticity_token": found.group(1), "decision": decision})
    assert answer.status_code == 302, answer.text
    return answer.headers["location"]


def arrive(address: str) -> httpx2.Response:
    """Lets a browser arrive at an address of ours, and go where it is led."""
    with client_of(address) as browser:
        return browser.get(address, follow_redirects=True, timeout=_PATIENCE_SECONDS)


def paragraph(page: httpx2.Response) -> str:
    """The sentence that a page of ours shows, as it stands in its source."""
    found = re.search(r"<p>(.*)</p>", page.text)
    assert found is not None, page.text
    return found.group(1)
