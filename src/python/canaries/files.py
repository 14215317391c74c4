"""Files that are not the run's: the owner's, the study's, other runs', and its own fixed ones."""
import os

from canaries import probe


def read(path):
    with open(path, "rb") as file:
        return file.read(64)


def add_to(path):
    with open(path, "ab"):
        pass


def create(path):
    """And removes it again, since some of these folders are real."""
    with open(path, "x"):
        pass
    os.unlink(path)


def below(*parts):
    """The path that the place gives under the first name, with the other parts below it."""
    return lambda place: os.path.join(place[parts[0]], *parts[1:])


def each(action, **names):
    for name, path in names.items():
        probe(name.replace("_", " "))(lambda place, path=path: action(path(place)))


each(
    read,
    read_private_data=below("private", "validation.bin"),
    read_earlier_weights=below("earlier", "weights.npz"),
    read_the_journal=below("study", "journal.jsonl"),
    read_a_key_file=below("home", ".netrc"),
    read_the_shadow_file=lambda place: "/etc/shadow",
    read_through_the_controllers_root=lambda place: "/proc/{}/root{}/.netrc".format(place["pid"], place["home"]),
)
each(
    os.listdir,
    list_private_data=below("private"),
    list_the_owners_home=below("home"),
    list_earlier_runs=below("earlier"),
)
each(
    create,
    create_in_the_study=below("study", "canary"),
    create_in_the_owners_home=below("home", "canary"),
    create_in_site_packages=below("site", "nocturne-canary.pth"),
    create_in_the_program=below("program", "canary.py"),
    create_beside_the_data=below("data", "canary"),
    create_a_git_hook=below("repository", ".git", "hooks", "post-commit"),
    create_a_git_ref=below("repository", ".git", "refs", "heads", "canary"),
    hand_in_an_experiment=below("study", "inbox", "1.json"),
    write_the_runs_result=below("job", "result.json"),
    create_in_the_score_tree=below("job", "score", "canary.py"),
)
each(
    add_to,
    change_private_data=below("private", "validation.bin"),
    change_the_data=below("data", "train.bin"),
    change_earlier_weights=below("earlier", "weights.npz"),
    change_the_owners_checkout=below("repository", "train.py"),
    change_the_git_config=below("repository", ".git", "config"),
    change_the_journal=below("study", "journal.jsonl"),
    change_the_runs_spec=below("job", "spec.json"),
    change_the_score_tree=below("job", "score", "prepare.py"),
    change_a_fixed_file=below("work", "prepare.py"),
)
probe("truncate the journal")(lambda place: os.truncate(os.path.join(place["study"], "journal.jsonl"), 0))
probe("open up a fixed file")(lambda place: os.chmod(os.path.join(place["work"], "prepare.py"), 0o666))

@probe("move the work tree away")
def move_away(place):
    os.rename(place["work"], place["work"] + "-away")
    os.rename(place["work"] + "-away", place["work"])


@probe("put another in place of a fixed file")
def replace(place):
    own = os.path.join(place["work"], "own")
    add_to(own)
    os.rename(own, os.path.join(place["work"], "prepare.py"))


@probe("hard link a fixed file")
def link(place):
    os.link(os.path.join(place["work"], "prepare.py"), os.path.join(place["work"], "linked"))


@probe("read private data through a link")
def through_link(place):
    link = os.path.join(place["output"], "link")
    os.symlink(os.path.join(place["private"], "validation.bin"), link)
    read(link)


each(  # last: the others need them
    os.unlink,
    delete_the_journal=below("study", "journal.jsonl"),
    delete_a_fixed_file=below("work", "prepare.py"),
)
