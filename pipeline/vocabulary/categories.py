"""Category slugs of findings (domain reference, section 1.3) and the label people read for each."""

from enum import StrEnum


class Category(StrEnum):
    """What a finding possibly is."""

    THREAT_DIRECT = "threat_direct"
    THREAT_CONDITIONAL = "threat_conditional"
    THREAT_VEILED = "threat_veiled"
    THREAT_INCITEMENT = "threat_incitement"
    SELF_HARM_ENCOURAGEMENT = "self_harm_encouragement"
    ABUSE = "abuse"
    HATE = "hate"
    HARASSMENT = "harassment"
    DOXXING = "doxxing"
    IMPERSONATION = "impersonation"
    CONFIDENTIAL_LEAK = "confidential_leak"
    PERSONAL_DATA = "personal_data"
    SPEAKING_FOR_COUNCIL = "speaking_for_council"
    MEDIA_ENQUIRY = "media_enquiry"
    CAPACITY_UNCLEAR = "capacity_unclear"
    DISCLAIMER_MISSING = "disclaimer_missing"
    CONTACT_DETAILS = "contact_details"
    BRANDING = "branding"
    OFFENSIVE_LANGUAGE = "offensive_language"
    DISPARAGEMENT = "disparagement"
    DEFAMATION_RISK = "defamation_risk"
    BULLYING = "bullying"
    DISCRIMINATION = "discrimination"
    AMPLIFICATION = "amplification"
    FALSE_STATEMENT = "false_statement"
    UNLAWFUL_CONTENT = "unlawful_content"
    COPYRIGHT = "copyright"
    OWN_SAFETY = "own_safety"
    LOGIN_SHARING = "login_sharing"
    MISUSE_REPORT = "misuse_report"
    TAKEDOWN_REFUSED = "takedown_refused"
    CHAIN_TEST = "chain_test"
    """The harmless trigger phrase that proves the live chain; never a finding about a person."""

    ADVICE = "advice"
    """A draft that a councillor sent for advice (5.3): no finding, and about nobody."""

    @property
    def label(self) -> str:
        """Return the words people read: always 'possible', never an offence."""
        return _LABELS.get(self, f"Possible {self.value.replace('_', ' ')}")


THREATS = frozenset(
    {Category.THREAT_DIRECT, Category.THREAT_CONDITIONAL, Category.THREAT_VEILED, Category.THREAT_INCITEMENT}
)

NO_FINDING = frozenset({Category.CHAIN_TEST, Category.ADVICE})
"""What an officer cannot choose for an incident recorded by hand: it says nothing about a post."""

HOSTILE = THREATS | {Category.SELF_HARM_ENCOURAGEMENT, Category.ABUSE, Category.HATE, Category.DOXXING}
"""Categories that make one occasion of a course of conduct."""

_LABELS = {
    Category.THREAT_DIRECT: "Possible direct threat",
    Category.THREAT_CONDITIONAL: "Possible conditional threat",
    Category.THREAT_VEILED: "Possible veiled threat",
    Category.THREAT_INCITEMENT: "Possible incitement to harm",
    Category.SELF_HARM_ENCOURAGEMENT: "Possible encouragement of self-harm",
    Category.HATE: "Possible hate incident",
    Category.DOXXING: "Possible disclosure of where a person can be found",
    Category.CONFIDENTIAL_LEAK: "Possible disclosure of confidential business",
    Category.SPEAKING_FOR_COUNCIL: "Possibly speaking for the Council",
    Category.MEDIA_ENQUIRY: "Media enquiry",
    Category.CAPACITY_UNCLEAR: "Capacity unclear",
    Category.DISCLAIMER_MISSING: "Own-views statement missing",
    Category.CONTACT_DETAILS: "Council contact details on a personal account",
    Category.BRANDING: "Possible use of Council branding",
    Category.DEFAMATION_RISK: "Possible allegation of fact about a named person",
    Category.AMPLIFICATION: "Possible amplification",
    Category.FALSE_STATEMENT: "Claim to check",
    Category.OWN_SAFETY: "Own safety",
    Category.MISUSE_REPORT: "Report of misuse",
    Category.TAKEDOWN_REFUSED: "Removal refused",
    Category.CHAIN_TEST: "Test of the alert chain",
    Category.ADVICE: "Draft sent for advice",
}
