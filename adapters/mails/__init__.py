"""What channels of mail have in common, however the mail reaches us: what it says, which mails are the same, and the
replies, which leave by a relay."""
