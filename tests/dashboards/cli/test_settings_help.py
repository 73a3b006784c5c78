"""What the settings' list shows: no secret, not even one that stands in an address."""

from dashboards.cli.settings_help import settings_lines
from pipeline.settings import load


def test_secrets_are_hidden_also_inside_an_address() -> None:
    environment = {
        "PARAPET_ELASTICSEARCH": "http://elastic:hush@elasticsearch:9200",
        "PARAPET_SMTP_PASSWORD": "hush",
        "PARAPET_PUBLIC_URL": "https://parapet.example",
    }
    shown = "\n".join(settings_lines(load(environment)))
    assert "hush" not in shown
    assert "PARAPET_ELASTICSEARCH=http://(hidden)@elasticsearch:9200" in shown
    assert "PARAPET_PUBLIC_URL=https://parapet.example" in shown
