import { expect, it } from "vitest";
import { FIT, keepInView, zoom } from "./view";

const ROOM = { width: 400, height: 300 };
const WIDE = { width: 400, height: 100 };

it("keeps the part of the picture under the fingers in its place", () => {
  const at = { x: 50, y: -20 };
  const once = zoom(FIT, 2, at);
  expect(once).toEqual({ scale: 2, x: -50, y: 20 });
  expect(zoom(once, 0.5, at)).toEqual(FIT);
});

it("magnifies at most eight times and at least once", () => {
  expect(zoom(FIT, 100, { x: 0, y: 0 }).scale).toBe(8);
  expect(zoom(FIT, 0.1, { x: 30, y: 30 })).toEqual(FIT);
});

it("moves the picture no further than to its edge", () => {
  const far = { scale: 2, x: 5000, y: -5000 };
  expect(keepInView(far, ROOM, ROOM)).toEqual({ scale: 2, x: 200, y: -150 });
});

it("keeps a picture in the centre in the direction in which all of it is in view", () => {
  const far = { scale: 2, x: -150, y: 90 };
  expect(keepInView(far, WIDE, ROOM)).toEqual({ scale: 2, x: -150, y: 0 });
  expect(keepInView({ ...far, scale: 8 }, WIDE, ROOM)).toEqual({ scale: 8, x: -150, y: 90 });
});
