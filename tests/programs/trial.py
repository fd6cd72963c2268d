"""A program that is tried out in a folder made anew: what tests of programs have in common."""

import csv
import shutil
import subprocess
import sys
from pathlib import Path


class Trial:
    """The program and the folder that the command line names."""

    def __init__(self):
        self.program, self.folder = (Path(argument).absolute() for argument in sys.argv[1:3])
        shutil.rmtree(self.folder, ignore_errors=True)
        self.folder.mkdir(parents=True)

    def run(self, *arguments):
        return subprocess.run([self.program, *arguments], cwd=self.folder, capture_output=True, text=True, timeout=120)

    def succeeds(self, *arguments):
        """What it prints."""
        result = self.run(*arguments)
        if result.returncode != 0:
            sys.exit(f"{arguments}: {result.stderr}")
        return result.stdout

    def refuses(self, sentence, *arguments):
        result = self.run(*arguments)
        if result.returncode != 2 or sentence not in result.stderr:
            sys.exit(f"{arguments}: exit code {result.returncode}, and not '{sentence}' but {result.stderr}")

    def rows_of(self, name):
        with open(self.folder / name, newline="") as file:
            return list(csv.reader(file))
