"""Reads the whole standard library in a pool of interpreters, and says what it saw.

    heddle run examples/src/python/library.py [--interpreters 2] [bisect.py heapq.py …]
    heddle run examples/src/python/library.py --all

Each source file is tokenized, parsed, written anew from its tree, parsed again, and compiled. Then
everything is done once more by one interpreter alone, and the two have to agree to the last byte.
Only modules of the standard library do the work: nothing here knows that it runs in parallel.
"""

import argparse
import ast
import difflib
import hashlib
import io
import marshal
import sqlite3
import sys
import textwrap
import time
import tokenize
import zipfile
from concurrent.futures import InterpreterPoolExecutor
from fractions import Fraction
from functools import cache

ARCHIVE = next(entry for entry in sys.path if entry.endswith(".zip"))
COLUMNS = ("name", "lines", "tokens", "functions", "classes", "alike", "tree", "code")


@cache
def archive():
    return zipfile.ZipFile(ARCHIVE)


def sources():
    """Names of all source files, the largest first: the last to be begun are short."""
    found = [one for one in archive().infolist() if one.filename.endswith(".py")]
    return [one.filename for one in sorted(found, key=lambda one: (-one.file_size, one.filename))]


def digest(data):
    return hashlib.sha256(data).hexdigest()[:16]


def study(name):
    """What there is to know of one file, in simple values; None when it is no Python."""
    raw = archive().read(name)
    try:
        text = raw.decode(tokenize.detect_encoding(io.BytesIO(raw).readline)[0])
        tree = ast.parse(text, name)
        tokens = sum(1 for _ in tokenize.generate_tokens(io.StringIO(text).readline))
    except (SyntaxError, UnicodeDecodeError):
        return None
    anew = ast.unparse(tree)
    if ast.dump(ast.parse(anew)) != ast.dump(tree):
        raise ValueError(f"{name}: what was written from its tree is another program")
    alike = difflib.SequenceMatcher(None, text[:2000], anew[:2000], autojunk=False).quick_ratio()
    kinds = [type(node) for node in ast.walk(tree)]
    code = compile(text, name, "exec", dont_inherit=True)
    return (
        name,
        text.count("\n"),
        tokens,
        kinds.count(ast.FunctionDef) + kinds.count(ast.AsyncFunctionDef),
        kinds.count(ast.ClassDef),
        round(alike, 6),
        digest(ast.dump(tree).encode()),
        digest(marshal.dumps(code)),
    )


def in_pool(names, interpreters):
    with InterpreterPoolExecutor(interpreters) as pool:
        return list(pool.map(study, names))


def alone(names):
    return [study(name) for name in names]


def timed(work, *args):
    since = time.perf_counter()
    return work(*args), time.perf_counter() - since


def report(rows):
    """Puts what was seen into a database, and asks that."""
    base = sqlite3.connect(":memory:")
    base.execute(f"CREATE TABLE file ({', '.join(COLUMNS)})")
    base.executemany(f"INSERT INTO file VALUES ({', '.join('?' * len(COLUMNS))})", rows)
    files, lines, functions, classes = base.execute(
        "SELECT count(*), sum(lines), sum(functions), sum(classes) FROM file").fetchone()
    longest, = base.execute("SELECT name FROM file ORDER BY lines DESC LIMIT 1").fetchone()
    share = Fraction(functions, functions + classes).limit_denominator(20)
    text = (f"{files} files, {lines} lines, {functions} functions and {classes} classes; {share} of "
            f"what is defined are functions. The longest file is {longest}.")
    print(textwrap.fill(text, 72))
    print("all trees and codes:", digest("".join(row[-2] + row[-1] for row in rows).encode()))


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("files", nargs="*", help="some files; the 24 largest unless given")
    parser.add_argument("--all", action="store_true", help="all files")
    parser.add_argument("--interpreters", type=int, default=2)
    options = parser.parse_args()
    names = sources() if options.all else options.files or sources()[:24]
    together, seconds = timed(in_pool, names, options.interpreters)
    one_by_one, longer = timed(alone, names)
    if together != one_by_one:
        sys.exit("the pool and one interpreter disagree")
    report([row for row in together if row is not None])
    print(f"{options.interpreters} interpreters agree with one")
    print(f"{seconds:.1f} s against {longer:.1f} s", file=sys.stderr)


if __name__ == "__main__":
    main()
