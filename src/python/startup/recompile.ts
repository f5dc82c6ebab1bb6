/** Python text that is run once. */

/**
 * The standard library with compiled Python beside each source, in a new archive. Stored, not
 * deflated: all interpreters read the same shared bytes, and inflating would cost each its time.
 * The compiled files are not checked against their sources, which never change here.
 */
export const RECOMPILE = `
import importlib._bootstrap_external as external
import io
import zipfile


def recompile(path):
    made = io.BytesIO()
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(made, "w") as new:
        for name in old.namelist():
            data = old.read(name)
            new.writestr(zipfile.ZipInfo(name), data, zipfile.ZIP_DEFLATED, 1)
            if name.endswith(".py"):
                add_compiled(new, name, f"{path}/{name}", data)
    return made.getvalue()


def add_compiled(archive, name, path, source):
    try:
        code = compile(source, path, "exec", dont_inherit=True)
    except (SyntaxError, ValueError):
        # Texts that are there to be refused.
        return
    data = external._code_to_hash_pyc(code, bytes(8), checked=False)
    archive.writestr(zipfile.ZipInfo(name + "c"), bytes(data))


recompile("/lib/python314.zip")
`
