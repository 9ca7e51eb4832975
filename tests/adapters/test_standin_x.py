"""The stand-in for X is driven by tweepy's own client, led to it as tweepy alone would be."""

from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import pytest
import requests
import tweepy
from requests.adapters import HTTPAdapter

from adapters.testing.standins.x import X

WARGA = 2244994945


class Elsewhere(HTTPAdapter):
    """Sends to the stand-in what was meant, and signed, for X."""

    def __init__(self, url: str) -> None:
        self._to = urlsplit(url)
        super().__init__()

    def send(self, request: requests.PreparedRequest, *args: Any, **more: Any) -> requests.Response:
        meant = urlsplit(str(request.url))
        request.url = urlunsplit((self._to.scheme, self._to.netloc, meant.path, meant.query, ""))
        return super().send(request, *args, **more)


@pytest.fixture
def x() -> Iterator[X]:
    with X() as standin:
        yield standin


@pytest.fixture
def client(x: X) -> Iterator[Any]:
    client = tweepy.Client(
        None, x.consumer_key, x.consumer_secret, x.access_token, x.access_token_secret, return_type=dict
    )
    client.session.mount("https://api.twitter.com/", Elsewhere(x.url))
    yield client
    client.session.close()


def mentions(x: X, client: Any, **asked: Any) -> Any:
    return client.get_users_mentions(x.account, user_auth=True, **asked)


def test_it_knows_whose_the_token_is_by_its_signature(x: X, client: Any) -> None:
    assert client.get_me()["data"]["id"] == x.account
    client.consumer_secret = "another"
    with pytest.raises(tweepy.Unauthorized):
        client.get_me()


def test_it_tells_only_what_was_asked_for(x: X, client: Any) -> None:
    x.posts(WARGA, f"@kanal_kota {'banjir ' * 60}")
    (little,) = mentions(x, client)["data"]
    assert little.keys() == {"id", "text", "edit_history_tweet_ids"}
    assert len(little["text"]) <= 300
    more = mentions(x, client, tweet_fields="note_tweet", expansions="author_id")
    assert len(more["data"][0]["note_tweet"]["text"]) > 400
    assert [user["id"] for user in more["includes"]["users"]] == [str(WARGA)]


@pytest.mark.parametrize("size", [1, 4, 101])
def test_a_page_of_mentions_has_its_limits(x: X, client: Any, size: int) -> None:
    with pytest.raises(tweepy.BadRequest):
        mentions(x, client, max_results=size)


def test_it_gives_out_the_newest_mentions_alone_and_of_an_edited_post_the_last_version(x: X, client: Any) -> None:
    x.most = 2
    first, *_, last = [x.posts(WARGA, f"@kanal_kota {number}") for number in range(3)]
    edited = x.edits(last, "@kanal_kota dua")
    told = mentions(x, client)["data"]
    assert [one["edit_history_tweet_ids"][-1] for one in told] == [edited, str(int(last) - 1)]
    assert told[0]["edit_history_tweet_ids"] == [last, edited]
    assert first not in {one["id"] for one in told}


def test_messages_name_who_talks_with_whom_and_not_to_whom(x: X, client: Any) -> None:
    x.writes(WARGA, "Halo")
    x.officer_writes(WARGA, "Ya?")
    answered, asked = client.get_direct_message_events()["data"]
    assert "participant_ids" not in asked
    assert asked["dm_conversation_id"] == answered["dm_conversation_id"] == f"{x.account}-{WARGA}"


def test_it_answers_in_public_only_who_names_the_account(x: X, client: Any) -> None:
    named = x.posts(WARGA, "@kanal_kota banjir")
    client.create_tweet(text="Kami terima.", in_reply_to_tweet_id=named)
    other = x.posts(WARGA, "banjir")
    with pytest.raises(tweepy.Forbidden, match="have not been mentioned"):
        client.create_tweet(text="Kami terima.", in_reply_to_tweet_id=other)
    assert (x.answers(named), x.answers(other)) == (["Kami terima."], [])


def test_it_goes_wrong_as_x_does(x: X, client: Any) -> None:
    x.fault("me", status=429, retry_after=600)
    with pytest.raises(tweepy.TooManyRequests) as caught:
        client.get_me()
    assert caught.value.reset_time
    x.fault("me", status=503)
    with pytest.raises(tweepy.TwitterServerError):
        client.get_me()
