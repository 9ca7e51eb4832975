"""What the codes of Meta's errors mean for what is said on Messenger and Instagram.

https://developers.facebook.com/documentation/business-messaging/messenger-platform/error-codes
"""

from adapters.graph.refusals import GRAPH_CODES, Codes

TALK_CODES = GRAPH_CODES.extended(
    Codes(
        patience={
            "17": (300.0, "the account has called too often"),
            "32": (300.0, "the page has called too often"),
            "613": (60.0, "we have sent too fast"),
            "80001": (300.0, "the page has called too often"),
            "80002": (300.0, "the account has called too often"),
            "80006": (300.0, "the page has sent too fast"),
        },
        ill={"1200": "Meta could not send the message for a moment"},
        ours={
            "100.33": "the account is none that our token may use",
            "230": "the token lacks pages_messaging",
        },
        gone={
            "100.2018001": "nobody of this id has written to the account",
            "200.1545041": "the recipient takes no messages",
            "200.2018108": "the recipient takes no messages",
            "551": "the recipient takes no messages",
        },
        refused={
            "10.2018065": "the recipient wrote too long ago",
            "10.2018108": "the recipient wrote too long ago",
            "10.2018278": "the recipient wrote too long ago",
            "10.2018300": "another application has the talk",
            "10.2534022": "the recipient wrote too long ago",
            "10900": "this was answered in private before",
            "10901": "this is too old to be answered in private",
            "10903": "this cannot be answered in private",
            "1446036": "Meta does not take the words of the comment",
        },
    )
)
