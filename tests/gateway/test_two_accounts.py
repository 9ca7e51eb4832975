"""What two accounts of ours hear is one report; of one app, which is called at one address, each takes its own."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from adapters.testing.standins.facebook import Facebook
from adapters.testing.standins.instagram import Instagram
from gateway.store import full
from tests.gateway.meta import known
from tests.gateway.support import Running, channel, running, settings_in, until

WHO, SAID = "7100000000000009", "Lampu jalan mati di Jl. Melati sejak semalam"
pytestmark = pytest.mark.threat("P0-6")


@asynccontextmanager
async def both(folder: Path, kind: str, *accounts: Any) -> AsyncIterator[Running]:
    """A gateway with a channel for each."""
    channels = []
    for number, one in enumerate(accounts):
        (folder / str(number)).mkdir()
        channels.append(channel(kind, f"akun-{number}", **known(one, folder / str(number))))
    async with running(settings_in(folder, *channels)) as gateway:
        for number, one in enumerate(accounts):
            assert await one.subscribe(f"{gateway.app.web.address}/in/akun-{number}")
        yield gateway


async def one_report(gateway: Running, deliveries: int) -> str:
    """Its words, once all has come in."""
    await until(lambda: len(gateway.all("deliveries")) >= deliveries, "both to hear it")
    await gateway.settled()
    await until(lambda: words(gateway), "its words")
    assert (len(gateway.all("reports")), len(gateway.all("cases"))) == (1, 1)
    return words(gateway)


def words(gateway: Running) -> str:
    (identity,) = [row["id"] for row in gateway.all("reports")][:1] or [""]
    return str(full.report(gateway.views.connection, gateway.views.vault, identity)["text"]) if identity else ""


def mentions(page: Facebook, post: str, **more: Any) -> None:
    told = {"item": "post", "post_id": post, "verb": "add", "created_time": int(page.now()), **more}
    page.bring(changes=[{"field": "mention", "value": told}])


async def test_a_post_that_names_two_pages_is_one_report(tmp_path: Path) -> None:
    """Of which each is told no more than an id."""
    with Facebook() as one, Facebook(page_id="110152340000001") as other:
        async with both(tmp_path, "facebook", one, other) as gateway:
            post = one.mentions(WHO, SAID)
            other.things[post] = one.things[post]
            mentions(other, post)
            assert SAID in await one_report(gateway, 2)


@pytest.mark.parametrize("is_first", [True, False], ids=["the page it stands on first", "the page it names first"])
async def test_a_comment_on_one_page_that_names_the_other_is_one_report(tmp_path: Path, is_first: bool) -> None:
    """The one is told its words, the other an id, which it cannot ask for."""
    with Facebook() as one, Facebook(page_id="110152340000001") as other:
        async with both(tmp_path, "facebook", one, other) as gateway:
            with one.together():
                comment = one.comments(WHO, "555", SAID)
                if not is_first:
                    mentions(other, "555", item="comment", comment_id=comment)
                    await until(lambda: gateway.all("reports"), "the mention")
            if is_first:
                await until(lambda: gateway.all("reports"), "the comment")
                mentions(other, "555", item="comment", comment_id=comment)
            assert SAID in await one_report(gateway, 2)


async def test_a_picture_that_names_two_accounts_on_instagram_is_one_report(tmp_path: Path) -> None:
    with Instagram() as one, Instagram(account_id="17841400000000002") as other:
        async with both(tmp_path, "instagram", one, other) as gateway:
            comment = one.mentions(WHO, SAID)
            other.elsewhere_said[comment] = made = one.elsewhere_said[comment]
            other.bring(changes=[{"field": "mentions", "value": {"media_id": made.media, "comment_id": comment}}])
            assert SAID in await one_report(gateway, 2)


async def test_one_app_serves_a_page_and_an_account_and_leaves_what_is_for_another_page(tmp_path: Path) -> None:
    """Each product of an app has a callback URL of its own; all pages have the same."""
    with Facebook() as page, Instagram() as account, Facebook(page_id="110152340000009") as another:
        account.app_secret = another.app_secret = page.app_secret
        channels = []
        for kind, one in (("facebook", page), ("instagram", account)):
            (tmp_path / kind).mkdir()
            channels.append(channel(kind, **known(one, tmp_path / kind)))
        async with running(settings_in(tmp_path, *channels)) as gateway:
            assert await page.subscribe(f"{gateway.app.web.address}/in/facebook")
            assert await account.subscribe(f"{gateway.app.web.address}/in/instagram")
            another.verify_token = page.verify_token
            assert await another.subscribe(f"{gateway.app.web.address}/in/facebook")
            another.comments(WHO, "555", "Pohon tumbang di Jl. Kenanga")
            page.comments(WHO, "556", SAID)
            account.comments(WHO, "Banjir di Jl. Mawar")
            await until(lambda: len(gateway.all("reports")) == 2, "both")
            await until(lambda: another.posting.answers, "what is for another page to be taken")
            await gateway.settled()
            assert {row["channel"] for row in gateway.all("reports")} == {"facebook", "instagram"}
            assert [row for row in gateway.deliveries() if "Kenanga" in row["body"]] == []
            assert set(another.posting.answers) == {200}


async def test_of_two_pages_of_one_app_each_channel_takes_its_own_whichever_is_called(tmp_path: Path) -> None:
    with Facebook() as page, Facebook(page_id="110152340000009") as other:
        other.app_secret, other.verify_token = page.app_secret, page.verify_token
        channels = []
        for name, one in (("satu", page), ("dua", other)):
            (tmp_path / name).mkdir()
            channels.append(channel("facebook", name, **known(one, tmp_path / name)))
        async with running(settings_in(tmp_path, *channels)) as gateway:
            for one in (page, other):
                assert await one.subscribe(f"{gateway.app.web.address}/in/satu")
            page.comments(WHO, "555", SAID)
            other.comments(WHO, "556", "Pohon tumbang di Jl. Kenanga")
            await until(lambda: len(gateway.all("reports")) == 2, "both")
            await gateway.settled()
            holds = {row["channel"] for row in gateway.deliveries() if SAID in row["body"]}
            others = {row["channel"] for row in gateway.deliveries() if "Kenanga" in row["body"]}
            assert (holds, others) == ({"satu"}, {"dua"})
