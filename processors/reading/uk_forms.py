"""UK forms of personal data, as the detectors read them; what they are stands in `pipeline.text.uk_forms`."""

from pipeline.text.uk_forms import Form, forms_in

__all__ = ["Form", "forms_in"]
