"""Somebody who logs in as people do: by the link that a command printed, with a password of their own."""

import json

from playwright.sync_api import Page

from gateway.accounts.account import Role
from tests.end_to_end.kanal import Gateway

PASSWORD = "hujan-deras-di-bulan-november"


def signed_in(page: Page, gateway: Gateway, role: Role, name: str = "", **options: str) -> None:
    """At `page` afterwards is somebody new of this role; `options` are those of `kanal user add`."""
    given = [word for option, value in options.items() for word in (f"--{option}", value)]
    done = gateway.kanal("user", "add", name or str(role), "--role", str(role), "--json", *given)
    assert done.returncode == 0, done
    by_link(page, json.loads(done.stdout)["link"])


def by_link(page: Page, link: str) -> None:
    """In, with a new password."""
    page.goto(link)
    page.fill("[name=password_new]", PASSWORD)
    page.fill("[name=password_again]", PASSWORD)
    page.press("[name=password_again]", "Enter")
    page.wait_for_url(lambda address: "/masuk" not in address)


def signed_in_again(page: Page, name: str) -> None:
    """By password, as somebody who was `signed_in` before."""
    page.goto("/masuk")
    page.fill("[name=name]", name)
    page.fill("[name=password]", PASSWORD)
    page.press("[name=password]", "Enter")
    page.wait_for_url(lambda address: "/masuk" not in address)
