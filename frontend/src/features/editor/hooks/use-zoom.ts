import {
  type PointerEvent,
  type RefObject,
  useEffect,
  useEffectEvent,
  useRef,
  useState,
} from "react";
import { FIT, keepInView, type Point, type Size, type View, zoom } from "../model/view";

/** Zoom by wheel and pinch around the pointers, pan by dragging. */
export function useZoom(area: RefObject<HTMLElement | null>) {
  const [view, setView] = useState<View>(FIT);
  /** The fingers, or the mouse with its button down. */
  const pointers = useRef(new Map<number, Point>());

  /** @param at px of the window; the centre of the area if absent */
  const zoomAt = (factor: number, at?: Point, moved: Point = { x: 0, y: 0 }) =>
    setView((before) => {
      const element = area.current;
      if (!element) {
        return before;
      }
      const { left, top, width, height } = element.getBoundingClientRect();
      const centre = { x: left + width / 2, y: top + height / 2 };
      const point = at ? { x: at.x - centre.x, y: at.y - centre.y } : { x: 0, y: 0 };
      const { scale, x, y } = zoom(before, factor, point);
      const next = { scale, x: x + moved.x, y: y + moved.y };
      return keepInView(next, pictureIn(element), { width, height });
    });

  const onWheel = useEffectEvent((event: WheelEvent) => {
    event.preventDefault();
    zoomAt(Math.exp(-event.deltaY * 0.0018), { x: event.clientX, y: event.clientY });
  });
  useEffect(() => {
    const element = area.current;
    const listen = (event: WheelEvent) => onWheel(event);
    // React's own listeners are passive and cannot prevent the page from scrolling.
    element?.addEventListener("wheel", listen, { passive: false });
    return () => element?.removeEventListener("wheel", listen);
  }, [area]);

  const onPointerDown = (event: PointerEvent<HTMLElement>) => {
    const onHandle = (event.target as HTMLElement).closest("[role=slider], button");
    if (event.button === 0 && !onHandle) {
      event.currentTarget.setPointerCapture(event.pointerId);
      pointers.current.set(event.pointerId, { x: event.clientX, y: event.clientY });
    }
  };
  const onPointerMove = (event: PointerEvent<HTMLElement>) => {
    const down = pointers.current;
    if (!down.has(event.pointerId)) {
      return;
    }
    const before = gripOf([...down.values()]);
    down.set(event.pointerId, { x: event.clientX, y: event.clientY });
    const now = gripOf([...down.values()]);
    const factor = before.spread > 0 ? now.spread / before.spread : 1;
    zoomAt(factor, before.at, { x: now.at.x - before.at.x, y: now.at.y - before.at.y });
  };
  const onLostPointerCapture = (event: PointerEvent<HTMLElement>) => {
    pointers.current.delete(event.pointerId);
  };

  return {
    view,
    zoomAt,
    fit: () => setView(FIT),
    handlers: { onPointerDown, onPointerMove, onLostPointerCapture },
  };
}

/** The middle of the fingers and the distance between the first two; 0 for one finger. */
function gripOf([first, second]: readonly Point[]): { at: Point; spread: number } {
  const one = first ?? { x: 0, y: 0 };
  const other = second ?? one;
  return {
    at: { x: (one.x + other.x) / 2, y: (one.y + other.y) / 2 },
    spread: Math.hypot(one.x - other.x, one.y - other.y),
  };
}

/** The size of the picture when it fits, px, with the distance that it keeps to the edge. */
function pictureIn(area: HTMLElement): Size {
  const image = area.querySelector("img");
  if (!image?.naturalWidth) {
    return { width: area.clientWidth, height: area.clientHeight };
  }
  const edge = 2 * Number.parseFloat(getComputedStyle(image).paddingLeft);
  const fit = Math.min(
    (image.clientWidth - edge) / image.naturalWidth,
    (image.clientHeight - edge) / image.naturalHeight,
  );
  return {
    width: image.naturalWidth * fit + edge,
    height: image.naturalHeight * fit + edge,
  };
}
