"""Rules that are code and not data: what a detector finds by a register, a checksum or a picture, named by its id.

Read where a rule is named: a council's `[states]`, suppressions, reports. One visible list; a test compares it with the
detectors. The record stage's course of conduct is not among them: it only counts what these and the TOML rules found.
"""

from processors.models.classifier import HEARD, HEARD_WITH_MORE

BUILT_IN: dict[str, str] = {
    "harassment.contacts": "many contacts by one author with one person",
    "account.taken_over": "a councillor's profile shares nothing with what it was, or links burst to places all new",
    "impersonation.name": "an account in no register with a registered name or handle",
    "leak.marking": "the marking of an exempt paper in an image",
    "leak.document": "a quotation of an exempt document whose fingerprint is kept",
    "leak.topic": "words of a topic in the register of confidential topics",
    "media.enquiry": "a journalist asks for comment",
    "personal-data": "personal data of a third person",
    "personal-data.collects": "a councillor asks residents for personal data",
    "personal-data.picture": "a letter or a person in a picture",
    "profile.branding": "the Council's logo on a profile or a personal post",
    "profile.capacity_unclear": "a profile that leaves the capacity open",
    "profile.contact_details": "council contact details on a personal account",
    "profile.disclaimer_missing": "a profile without an own-views statement",
    "sharing.amplification": "what is shared or liked would itself be a finding",
    "takedown.refused": "what the Council asked to take down is still there",
    **{
        f"tone.{one}": f"a classifier hears {one.replace('_', ' ')} where no rule finds anything"
        for one in HEARD
        if one not in HEARD_WITH_MORE
    },
    "tone.identity_attack": "a classifier hears hate where no rule finds any",
    "tone.threat": "a classifier hears a threat where no rule finds any",
    "tone.toxicity": "a classifier hears abuse where no rule finds any",
    "voice.council": "a councillor speaks for the Council without authorisation",
}
"""Each rule's id and what it finds, in words."""
