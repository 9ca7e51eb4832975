"""The threats that Kanal is made to meet. A test names those that it shows to be met, by `@pytest.mark.threat("P0-3")`;
docs/security.md tells both (see `tests.security`).
"""

from typing import NamedTuple


class Threat(NamedTuple):
    """`done` is what is done about it. `lacks` is what does not exist yet, without which it touches nothing."""

    title: str
    done: str
    lacks: str = ""


#: P0 loses or forges a report, or tells who reported; P1 takes the service down or harms an officer; P2 is the rest.
THREATS = {
    "P0-1": Threat(
        "The process is killed at any moment",
        "Each step is one transaction with ids that are derived, so that a second run writes the same rows.",
    ),
    "P0-2": Threat(
        "The power fails",
        "Nothing is acknowledged before it is synced: files first, then the rows that name them.",
    ),
    "P0-3": Threat(
        "The disk is full, read-only, failing or gone",
        "Senders are told to try again, `/readyz` is red, and it goes on by itself; an I/O error ends the process.",
    ),
    "P0-4": Threat("A message that cannot be stored", "It alone is refused; what came with it is kept."),
    "P0-5": Threat(
        "A message that ends whatever reads it",
        "It is on disk first, read by a process that may end, tried three times at most, then set aside whole.",
    ),
    "P0-6": Threat("The same message comes twice", "Channel and id are unique in the store; a repeat changes nothing."),
    "P0-7": Threat(
        "Two reports are taken for one",
        "Only the channel's own id makes two deliveries one. Likeness links, with reasons, and can be undone.",
    ),
    "P0-8": Threat(
        "Two processes poll one mailbox, or the mailbox counts anew",
        "What is fetched is stored with the place where to go on, by one holder of a lease.",
    ),
    "P0-9": Threat(
        "A worker stalls and comes back late",
        "Workers only read; one that is late is ended and not heard. The gateway alone writes.",
    ),
    "P0-10": Threat(
        "The way out is down, slow, or asks for patience",
        "Replies wait, one probes now and then, and what has waited leaves in order when it is back.",
    ),
    "P0-11": Threat(
        "Credentials expire, or a channel falls silent", "The channel is paused, and alert rules ring for both."
    ),
    "P0-12": Threat(
        "The clock jumps",
        "Durations are those of the monotonic clock, what waits is dated anew, a clock that leapt forgets nothing.",
    ),
    "P0-13": Threat(
        "Two writers destroy the database (SQLite's WAL-reset bug)",
        "One connection writes and checkpoints, all others are read-only, and the doctor looks for strangers.",
    ),
    "P0-14": Threat(
        "A backup that cannot be restored, or is not made any more",
        "Each is read back and checked, its age is a figure with an alarm, and restoring is tested.",
    ),
    "P0-15": Threat(
        "A forged web request",
        "Nothing is kept without proof, and a channel without a secret does not start.",
    ),
    "P0-16": Threat(
        "Secrets are found out by timing, or by odd letters", "Proofs are compared as octets in constant time."
    ),
    "P0-17": Threat("A request is sent again by a stranger", "It has the id that it had, and is kept once."),
    "P0-18": Threat(
        "A proxy in front hides who calls, or lets callers pretend",
        "Only proxies that are listed are believed, from the right.",
    ),
    "P0-19": Threat(
        "Addresses in messages turn our own requests against us",
        "Hosts are listed for each channel; every address of one is checked, and the very one is connected to.",
    ),
    "P0-20": Threat(
        "Scripts in what officers look at",
        "Everything is escaped, and a content policy allows no inline script.",
    ),
    "P0-21": Threat(
        "Tracking codes and PINs are guessed",
        "Codes and PINs are random, questions are limited, and wrong and unknown are answered alike.",
    ),
    "P1-22": Threat(
        "Officers' sessions and passwords are attacked",
        "Sessions begin anew at each log-in and end by themselves, forms carry a secret, an app can be asked for, and"
        " who guesses has to wait without making the owner wait.",
    ),
    "P1-23": Threat(
        "A second mail is smuggled in, or commands are put before TLS",
        "Only CRLF.CRLF ends a mail; what was said before TLS is forgotten.",
    ),
    "P1-24": Threat(
        "Strangers relay their mail", "Mail is taken for own addresses only, and nobody is told which exist."
    ),
    "P1-25": Threat(
        "Headers are put into replies",
        "Replies are composed from fields that are checked, to exactly one recipient.",
    ),
    "P0-26": Threat(
        "Machines answer each other for ever",
        "Machines are known by their headers and never answered; nobody gets more than some answers a day.",
    ),
    "P1-27": Threat("Cells of an export are run as formulas", "What looks like one is written as text."),
    "P1-28": Threat(
        "Input becomes code: SQL, shells, paths",
        "Statements have parameters, files are named by digests; linters look.",
    ),
    "P1-29": Threat("A dependency has a known hole", "The locked versions are audited with every check."),
    "P0-30": Threat(
        "Logs, metrics, error pages and crashes tell who somebody is",
        "Log lines have a list of harmless keys, exceptions are told by their place, and nothing is quoted.",
    ),
    "P0-31": Threat(
        "Disk, backup or export tell who somebody is",
        "What tells it is sealed under keys that a master key outside opens; in clear stand masked words.",
    ),
    "P0-32": Threat(
        "Photos and documents tell where and by whom they were made",
        "They are sealed like all that comes in; what is shown and sent are photos painted anew, no other file.",
    ),
    "P0-33": Threat(
        "Those who may look are curious",
        "A look wants a reason and is recorded first, in a chained log that only grows.",
    ),
    "P0-34": Threat(
        "A reply tells others", "It goes to the author alone, quotes nothing, and has no PIN where others read."
    ),
    "P1-35": Threat(
        "Pages tell more than they say", "Answers are not cached, send no referrer, and load nothing from elsewhere."
    ),
    "P1-36": Threat("Clients that are slow on purpose", "Each thing that only the client can do has a time limit."),
    "P1-37": Threat(
        "Very many connections or requests",
        "Connections are limited in all and by source, who has few gets a place of who has most, and errors cost time.",
    ),
    "P1-38": Threat(
        "Compressed bombs",
        "Compressed requests are refused unopened, archives never unpacked; photos are opened under limits.",
    ),
    "P1-39": Threat(
        "Mails that grow when they are read",
        "Parts, depth and headers are counted before anything is parsed, by a process with limits of its own.",
    ),
    "P1-40": Threat(
        "Queries, forms and headers that parsers choke on", "They are kept or refused in bounded time, never a failure."
    ),
    "P2-41": Threat("Texts that are endless, empty or piled up with marks", "The raw bytes stay; the text is bounded."),
    "P2-42": Threat("Letters that move the cursor or turn the text", "They are shown as visible escapes."),
    "P2-43": Threat("A charset that is not true", "Known charsets are tried, nothing is executed, and it is noted."),
    "P2-44": Threat(
        "Files that are not what they are called, or two things at once; malware",
        "Files are typed by their bytes, photos painted anew; what a scanner finds is shown to nobody.",
    ),
    "P2-45": Threat("One source floods", "All that it sends is kept, and nobody else waits for it; answers to it end."),
    "P2-46": Threat(
        "Two gateways on one data folder, or an older program",
        "A lock lets one in; upgrades copy first; an older version refuses.",
    ),
}
