/** What a drop holds: files, and folders with all files below them. */
export interface Dropped {
  files: File[];
  /** Names of folders without files. */
  empty: string[];
  /** Names of files and folders that the browser could not read. */
  unreadable: string[];
}

/** Files that systems put into folders, and that nobody means to upload. */
const SYSTEM_FILE = /^(\..*|Thumbs\.db|desktop\.ini)$/i;

/**
 * Read the files of a drop. Call it while the event is handled: the browser empties the drop
 * afterwards.
 */
export function readDrop(transfer: DataTransfer): Promise<Dropped> {
  const entries = [...transfer.items].map((item) => item.webkitGetAsEntry?.() ?? null);
  const folders = entries.filter((entry) => entry?.isDirectory);
  const names = new Set(folders.map((entry) => entry?.name));
  // A folder is among the files, too, as a file that cannot be read.
  const files = [...transfer.files].filter(({ name }) => !names.has(name));
  return readFolders(files, folders as FileSystemDirectoryEntry[]);
}

async function readFolders(
  files: File[],
  folders: readonly FileSystemDirectoryEntry[],
): Promise<Dropped> {
  const dropped: Dropped = { files, empty: [], unreadable: [] };
  for (const folder of folders) {
    const before = files.length + dropped.unreadable.length;
    await addFolder(folder, dropped);
    if (files.length + dropped.unreadable.length === before) {
      dropped.empty.push(folder.name);
    }
  }
  return dropped;
}

async function addFolder(folder: FileSystemDirectoryEntry, dropped: Dropped): Promise<void> {
  try {
    for (const entry of await readEntries(folder)) {
      if (entry.isDirectory) {
        await addFolder(entry as FileSystemDirectoryEntry, dropped);
      } else if (!SYSTEM_FILE.test(entry.name)) {
        await addFile(entry as FileSystemFileEntry, dropped);
      }
    }
  } catch {
    dropped.unreadable.push(folder.name);
  }
}

async function addFile(entry: FileSystemFileEntry, dropped: Dropped): Promise<void> {
  try {
    dropped.files.push(await new Promise<File>((done, fail) => entry.file(done, fail)));
  } catch {
    dropped.unreadable.push(entry.name);
  }
}

/** All entries of a folder by name. The browser hands out about a hundred at a time. */
async function readEntries(folder: FileSystemDirectoryEntry): Promise<FileSystemEntry[]> {
  const reader = folder.createReader();
  const all: FileSystemEntry[] = [];
  for (;;) {
    const some = await new Promise<FileSystemEntry[]>((done, fail) =>
      reader.readEntries(done, fail),
    );
    if (some.length === 0) {
      return all.sort((one, other) => one.name.localeCompare(other.name));
    }
    all.push(...some);
  }
}
