"""Messages that may be no reports: a person confirms or corrects what the triage took them for."""
