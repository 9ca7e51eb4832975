"""Mails, whatever program wrote them: containers, characters, quotes and signatures."""
