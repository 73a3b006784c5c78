"""`parapet images`: a logo and a profile picture are registered by hash, and a letter with the logo is then known."""

from pathlib import Path

from click.testing import CliRunner, Result

from dashboards.cli.main import root
from pipeline.registers.load import load_registers
from tests.pipeline.images.drawn import a_bomb, a_logo, a_page, as_png, needs_tesseract


def run(home: Path, *words: str) -> Result:
    return CliRunner().invoke(root, ["images", *words, "--home", str(home)])


def kept(folder: Path, name: str, content: bytes) -> str:
    (folder / name).write_bytes(content)
    return str(folder / name)


@needs_tesseract
def test_a_registered_logo_is_known_at_the_head_of_a_letter(installed: Path, tmp_path: Path) -> None:
    logo = load_registers(installed / "registers").council.logos[0]
    letter = kept(tmp_path, "letter.png", as_png(a_page("Dear resident of the borough", a_logo(130))))
    assert "logo: none" in run(installed, "read", letter).output
    answer = run(installed, "add-logo", "--logo", logo.id, kept(tmp_path, "logo.png", as_png(a_logo())))
    assert answer.exit_code == 0, answer.output
    read = run(installed, "read", letter).output
    assert f"logo: {logo.name}, likeness 0." in read
    assert "Dear resident of the borough" in read


def test_a_profile_picture_is_registered_for_a_councillor_or_the_council(installed: Path, tmp_path: Path) -> None:
    picture = kept(tmp_path, "me.png", as_png(a_logo(seed=2)))
    person = load_registers(installed / "registers").councillors[0].id
    assert run(installed, "add-picture", "--councillor", person, picture).exit_code == 0
    assert run(installed, "add-picture", "--councillor", person, picture).exit_code == 0
    assert run(installed, "add-picture", picture).exit_code == 0
    loaded = load_registers(installed / "registers")
    assert len(loaded.councillors[0].picture_hashes) == len(loaded.council.picture_hashes) == 1


def test_faults_say_the_cure(installed: Path, tmp_path: Path) -> None:
    picture = kept(tmp_path, "logo.png", as_png(a_logo()))
    assert "there is no logo nothing in council.json" in run(installed, "add-logo", "--logo", "nothing", picture).output
    assert "there is no councillor nobody" in run(installed, "add-picture", "--councillor", "nobody", picture).output
    bomb = kept(tmp_path, "bomb.png", a_bomb())
    assert "bomb.png: not read: it has more than 40000000 pixels" in run(installed, "read", bomb).output
