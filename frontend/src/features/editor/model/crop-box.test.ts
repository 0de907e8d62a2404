import { describe, expect, it } from "vitest";
import { largest, type PercentBox, toBox, toParams } from "./crop-box";

const FRAME = { width: 1000, height: 500 };
const box = (x: number, y: number, width: number, height: number): PercentBox => ({
  unit: "%",
  x,
  y,
  width,
  height,
});

describe("the rectangle of a crop", () => {
  it.each([
    [{ x: 100, y: 50, width: 500, height: 250 }, box(10, 10, 50, 50)],
    [{ x: 0, width: 500, height: 250 }, box(0, 25, 50, 50)],
    [{ width: 500, height: 250 }, box(25, 25, 50, 50)],
    [{ aspect: "1:1" }, box(25, 0, 50, 100)],
    [{ aspect: "4:1" }, box(0, 25, 100, 50)],
    [{ width: 4000, height: 250 }, box(0, 25, 100, 50)],
    [{}, box(0, 0, 100, 100)],
    [{ aspect: "wide" }, box(0, 0, 100, 100)],
  ])("%j", (params, expected) => {
    expect(toBox(params, FRAME)).toEqual(expected);
  });

  it.each([
    ["northwest", 0, 0],
    ["north", 25, 0],
    ["northeast", 50, 0],
    ["west", 0, 25],
    ["center", 25, 25],
    ["east", 50, 25],
    ["southwest", 0, 50],
    ["south", 25, 50],
    ["southeast", 50, 50],
    ["face", 25, 25],
  ])("anchor %s", (anchor, x, y) => {
    expect(toBox({ anchor, width: 500, height: 250 }, FRAME)).toEqual(box(x, y, 50, 50));
  });
});

describe("the crop of a rectangle", () => {
  it.each([
    [box(10, 10, 50, 50), { x: 100, y: 50, width: 500, height: 250 }],
    [box(0, 0, 100, 100), { x: 0, y: 0, width: 1000, height: 500 }],
    [box(33.333, 0, 33.333, 10), { x: 333, y: 0, width: 333, height: 50 }],
    // Never outside of the picture, and never empty.
    [box(99.96, 99.96, 0, 0), { x: 999, y: 499, width: 1, height: 1 }],
    [box(50, 50, 80, 80), { x: 500, y: 250, width: 500, height: 250 }],
    [box(-3, -3, 10, 10), { x: 0, y: 0, width: 100, height: 50 }],
  ])("%j", (dragged, params) => {
    expect(toParams(dragged, FRAME)).toEqual(params);
  });

  it("keeps whole pixels", () => {
    for (let x = 0; x < 997; x += 1) {
      const params = { x, y: 1, width: 997 - x, height: 3 };
      const frame = { width: 997, height: 7 };
      expect(toParams(toBox(params, frame), frame)).toEqual(params);
    }
  });
});

it("finds the largest rectangle of an aspect", () => {
  expect(largest(2, FRAME)).toEqual(box(0, 0, 100, 100));
  expect(largest(1, FRAME)).toEqual(box(25, 0, 50, 100));
  expect(largest(4, FRAME)).toEqual(box(0, 25, 100, 50));
});
