"""Executes a notebook with the Python that runs this, cell after cell: run_notebook.py NOTEBOOK [-p NAME VALUE]...

What cells print is printed while they print it. The first error ends the run: its traceback comes last, and the exit code is 1.
The notebook's file is not written. A parameter is set after the cell tagged `parameters`, or before all cells. Needs nbclient
and ipykernel.
"""
import ast
import os
import re
import signal
import socket
import sys

ANSI = re.compile(r"\x1b\[[0-9;]*[A-Za-z]")


def plain(text):
    return ANSI.sub("", text)


def literal(text):
    """A value as papermill takes it from a command: a number, a truth value, None, or a text."""
    if text in ("true", "false"):
        return text == "true"
    try:
        return ast.literal_eval(text)
    except (ValueError, SyntaxError):
        return text


def parameters_of(words):
    found = {}
    while len(words) >= 3 and words[0] == "-p":
        found[words[1]] = literal(words[2])
        words = words[3:]
    if words:
        raise SystemExit("run_notebook.py: expected -p NAME VALUE, found %s" % " ".join(words))
    return found


def with_parameters(notebook, parameters, new_cell):
    if not parameters:
        return
    source = "\n".join("%s = %r" % item for item in parameters.items())
    tagged = [i for i, cell in enumerate(notebook.cells) if "parameters" in cell.metadata.get("tags", [])]
    notebook.cells.insert(tagged[0] + 1 if tagged else 0, new_cell(source))


def has_network():
    """Whether a kernel may be spoken to by TCP, as is usual."""
    try:
        socket.socket(socket.AF_INET).close()
        return True
    except OSError:
        return False


def main():
    try:
        import nbformat
        from jupyter_client.kernelspec import KernelSpec
        from nbclient import NotebookClient
        from nbclient.exceptions import CellExecutionError, DeadKernelError
        import ipykernel  # noqa: F401
    except ImportError as error:
        raise SystemExit("ImportError: %s; install it with: %s -m pip install nbclient ipykernel" % (error, sys.executable))

    class Live(NotebookClient):
        def create_kernel_manager(self):
            manager = super().create_kernel_manager()
            if not has_network():
                # In an isolated run. By name and not by path: a path may have 107 bytes.
                manager.transport, manager.ip = "ipc", "@nocturne-notebook-{}".format(os.getpid())
            language = self.nb.metadata.get("kernelspec", {}).get("language", "python")
            if language == "python":
                # The notebook's own kernel may be that of another environment: cells run in this Python.
                argv = [sys.executable, "-m", "ipykernel_launcher", "-f", "{connection_file}"]
                manager._kernel_spec = KernelSpec(argv=argv, display_name="Python 3", language="python")
            return manager

        def output(self, outs, msg, display_id, cell_index):
            content = msg["content"]
            if msg["msg_type"] == "stream":
                stream = sys.stderr if content["name"] == "stderr" else sys.stdout
                stream.write(content["text"])
                stream.flush()
            elif msg["msg_type"] in ("execute_result", "display_data"):
                text = content.get("data", {}).get("text/plain")
                if text:
                    print(text, flush=True)
            return super().output(outs, msg, display_id, cell_index)

    path = sys.argv[1]
    with open(path, encoding="utf-8") as file:
        notebook = nbformat.reads(file.read(), as_version=4)
    with_parameters(notebook, parameters_of(sys.argv[2:]), nbformat.v4.new_code_cell)
    folder = os.path.dirname(os.path.abspath(path))
    name = notebook.metadata.get("kernelspec", {}).get("name", "python3")
    client = Live(notebook, timeout=None, kernel_name=name, resources={"metadata": {"path": folder}})

    def interrupt(_signal, _frame):
        if client.km is not None and client.km.has_kernel:
            os.kill(client.km.provisioner.pid, signal.SIGINT)

    signal.signal(signal.SIGINT, interrupt)
    try:
        client.execute()
    except CellExecutionError as error:
        number = sum(1 for cell in notebook.cells if cell.get("execution_count") is not None)
        sys.stdout.flush()
        failed = [output for cell in notebook.cells for output in cell.get("outputs", []) if output.output_type == "error"]
        lines = plain("\n".join(failed[-1].traceback)) if failed else ""
        print("Traceback (most recent call last): in cell %d of %s" % (number, path), file=sys.stderr)
        for line in lines.splitlines()[:-1]:
            print("  " + line, file=sys.stderr)
        print("%s: %s" % (error.ename, plain(error.evalue)), file=sys.stderr)
        return 1
    except DeadKernelError as error:
        print("DeadKernelError: the notebook's kernel died: %s" % error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
