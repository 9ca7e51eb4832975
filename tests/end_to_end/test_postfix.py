"""Postfix on both sides of a running gateway: as LMTP client before it, as relay for its replies."""

from pathlib import Path

from tests.adapters.postfix import postfix
from tests.end_to_end.city import swaks
from tests.end_to_end.kanal import OWN, Gateway, codes_in, free_port
from tests.end_to_end.relay import Relay

CITIZEN = "warga@example.org"
ALL_THREE = [OWN, "lapor@jakarta.go.id", "warga@lapor.jakarta.go.id"]


async def test_a_mail_to_three_of_our_addresses_through_postfix_is_one_report_and_each_is_told_it_arrived(
    tmp_path: Path,
) -> None:
    lmtp = f"127.0.0.1:{free_port()}"
    mail = {"recipients": [OWN, "lapor@jakarta.go.id", "@lapor.jakarta.go.id"], "smtp": "", "lmtp": lmtp}
    with Gateway(tmp_path, mail=mail) as gateway:
        async with postfix(f"lmtp:inet:{lmtp}", free_port()) as server:
            swaks(server.address, CITIZEN, "Banjir di Jl. Kemang Raya", to=",".join(ALL_THREE))
            fates = await server.settled(3)
        assert fates == {recipient: ["sent"] for recipient in ALL_THREE}
        assert len(gateway.reported(1)) == len(gateway.all("deliveries")) == 1


async def test_replies_go_out_through_postfix_to_the_citizen(tmp_path: Path) -> None:
    port = free_port()
    with Relay() as beyond:
        settings = {**beyond.settings, "relay": f"127.0.0.1:{port}"}
        async with postfix(f"smtp:[127.0.0.1]:{beyond.port}", port):
            with Gateway(tmp_path, mail=settings) as gateway:
                swaks(gateway.smtp, CITIZEN, "Banjir di Jl. Kemang Raya", "--header", "Message-Id: <1@example.org>")
                (answer,) = beyond.wait(1)
                (case,) = gateway.all("cases")
    assert (answer.mail_from, answer.to) == ("<>", (CITIZEN,))
    assert set(codes_in(answer.text)) == {case["code"]}
    assert (answer.read["In-Reply-To"], answer.read["Auto-Submitted"]) == ("<1@example.org>", "auto-replied")
