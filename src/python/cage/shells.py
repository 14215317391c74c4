"""What is shown again below a folder of the stage's own, such as its /tmp."""
import os


def shells_of(places, folders):
    """The closed folders that these places lie in there: whoever writes such a folder could write beside what is shown in it."""
    tops = {
        os.sep.join(place.split(os.sep)[: folder.count(os.sep) + 2])
        for place in places for folder in folders if place.startswith(folder + os.sep)
    }
    return sorted(tops - set(places))
