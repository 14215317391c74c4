"""What the command of `train:` sets itself: a value that it sets has no effect in the source."""
import re
import shlex

SETS = "`train:` sets it"


class Command:
    """Options, words and assignments of an argument vector; `sh -c "..."` is looked into."""

    def __init__(self, argv):
        words = []
        for word in argv:
            words += _split(word) if " " in word else [word]
        self.options = {normal(word.split("=", 1)[0]) for word in words if re.match(r"-{1,2}[A-Za-z]", word)}
        self.words = {word for word in words if not word.startswith("-")}
        self.files = [re.sub(r"^\./", "", word) for word in words if re.search(r"\.(py|ipynb)$", word)]
        # A console script is started as the code that its entry point stands for.
        self.words |= {name for word in argv if " " in word for name in re.findall(r"\b([A-Za-z_]\w*)\(", word)}
        pairs = [re.match(r"\+*([A-Za-z_][\w.\-]*)=", word) for word in words]
        self.assigned = {normal(pair.group(1)) for pair in pairs if pair}

    def names_after_script(self, file):
        """Whether it gives this file to the script that it starts."""
        return file in self.files[1:]

    def has_option(self, options):
        """Whether it gives one of these options, such as `--lr` and `-l`."""
        return any(normal(option) in self.options for option in options)

    def sets(self, name):
        """Whether it sets a value of this name, as `--name`, `--owner.name`, `--no-name` or `name=value`."""
        name = normal(name)
        given = [option.lstrip("-") for option in self.options if option.startswith("--")] + sorted(self.assigned)
        return any(each in (name, "no_" + name) or each.endswith("." + name) for each in given)


def _split(text):
    try:
        return shlex.split(text)
    except ValueError:
        return text.split()


def normal(option):
    """An option with its dashes in front kept and those within as underscores."""
    body = option.lstrip("-")
    return option[:len(option) - len(body)] + body.replace("-", "_")
