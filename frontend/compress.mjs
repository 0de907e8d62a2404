/**
 * Write a Brotli variant beside every text of the export that is smaller by it.
 *
 * Node's own zlib does it: the server has only to hand out what lies there.
 */
import { readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { brotliCompress, constants } from "node:zlib";

const FOLDER = "out";
const TEXTS = /\.(css|html|js|json|svg|txt|webmanifest|xml)$/;
const compress = promisify(brotliCompress);

for (const entry of await readdir(FOLDER, { recursive: true, withFileTypes: true })) {
  if (entry.isFile() && TEXTS.test(entry.name)) {
    const path = join(entry.parentPath, entry.name);
    const content = await readFile(path);
    const params = { [constants.BROTLI_PARAM_SIZE_HINT]: content.length };
    const compressed = await compress(content, { params });
    if (compressed.length < content.length * 0.95) {
      await writeFile(`${path}.br`, compressed);
    }
  }
}
