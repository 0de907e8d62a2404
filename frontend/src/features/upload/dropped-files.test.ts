import { expect, it } from "vitest";
import { readDrop } from "./dropped-files";

interface Entry {
  name: string;
  isDirectory: boolean;
}

const named = (name: string) => new File(["x"], name);

function file(name: string): Entry {
  const entry = {
    name,
    isDirectory: false,
    file: (done: (file: File) => void) => done(named(name)),
  };
  return entry;
}

/** A folder whose entries come two at a time, as browsers hand out a hundred at a time. */
function folder(name: string, ...entries: Entry[]): Entry {
  const made = {
    name,
    isDirectory: true,
    createReader: () => {
      const left = [...entries];
      return { readEntries: (done: (some: Entry[]) => void) => done(left.splice(0, 2)) };
    },
  };
  return made;
}

function drop(...entries: Entry[]): DataTransfer {
  return {
    files: entries.map(({ name }) => named(name)),
    items: entries.map((entry) => ({ webkitGetAsEntry: () => entry })),
  } as unknown as DataTransfer;
}

const namesOf = (files: readonly File[]) => files.map(({ name }) => name);

it("takes all files of a folder and of the folders in it", async () => {
  const trip = folder(
    "trip",
    file("c.jpg"),
    file("b.jpg"),
    file("a.jpg"),
    folder("day", file("d.jpg")),
  );
  const { files, empty } = await readDrop(drop(file("one.png"), trip));
  expect(namesOf(files)).toEqual(["one.png", "a.jpg", "b.jpg", "c.jpg", "d.jpg"]);
  expect(empty).toEqual([]);
});

it("leaves out the files of the system, and names a folder without others", async () => {
  const dropped = await readDrop(drop(folder("trip", file(".DS_Store"), file("Thumbs.db"))));
  expect(dropped).toEqual({ files: [], empty: ["trip"], unreadable: [] });
});

it("takes the other files when one cannot be read", async () => {
  const broken = {
    ...file("b.jpg"),
    file: (_: unknown, fail: (error: Error) => void) => fail(new Error()),
  };
  const { files, unreadable } = await readDrop(drop(folder("trip", file("a.jpg"), broken)));
  expect(namesOf(files)).toEqual(["a.jpg"]);
  expect(unreadable).toEqual(["b.jpg"]);
});
