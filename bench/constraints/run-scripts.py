"""Which of these scripts end with an error: {"beside": {file: text}, "scripts": [...]} on stdin, a list of booleans on stdout."""
import json
import sys
import types

asked = json.load(sys.stdin)
for file, text in asked["beside"].items():
    module = types.ModuleType(file[:-3])
    exec(text, module.__dict__)
    sys.modules[file[:-3]] = module


def fails(script):
    # A dataclass looks its own module up.
    sys.modules["script"] = module = types.ModuleType("script")
    try:
        exec(script, module.__dict__)
        return False
    except Exception:
        return True


print(json.dumps([fails(script) for script in asked["scripts"]]))
