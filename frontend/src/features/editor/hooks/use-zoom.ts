import { type PointerEvent, type RefObject, useEffect, useEffectEvent, useState } from "react";

export interface View {
  scale: number;
  /** How far the centre of the picture is moved, px of the screen. */
  x: number;
  y: number;
}

const FIT: View = { scale: 1, x: 0, y: 0 };
const MAX_SCALE = 8;

/** Zoom by wheel and pinch around the pointer, pan by dragging. */
export function useZoom(area: RefObject<HTMLElement | null>) {
  const [view, setView] = useState<View>(FIT);

  const zoomAt = (factor: number, clientX?: number, clientY?: number) =>
    setView((before) => {
      const scale = Math.min(MAX_SCALE, Math.max(1, before.scale * factor));
      const box = area.current?.getBoundingClientRect();
      if (scale === 1 || !box) {
        return scale === 1 ? FIT : { ...before, scale };
      }
      // The point under the pointer stays there.
      const px = (clientX ?? box.left + box.width / 2) - box.left - box.width / 2;
      const py = (clientY ?? box.top + box.height / 2) - box.top - box.height / 2;
      const growth = scale / before.scale;
      return { scale, x: px - (px - before.x) * growth, y: py - (py - before.y) * growth };
    });

  const onWheel = useEffectEvent((event: WheelEvent) => {
    event.preventDefault();
    zoomAt(Math.exp(-event.deltaY * 0.0018), event.clientX, event.clientY);
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
    if (view.scale === 1 || event.button !== 0 || onHandle) {
      return;
    }
    const start = { x: event.clientX - view.x, y: event.clientY - view.y };
    const element = event.currentTarget;
    element.setPointerCapture(event.pointerId);
    const move = (moved: globalThis.PointerEvent) =>
      setView((now) => ({ ...now, x: moved.clientX - start.x, y: moved.clientY - start.y }));
    element.addEventListener("pointermove", move);
    element.addEventListener(
      "lostpointercapture",
      () => element.removeEventListener("pointermove", move),
      { once: true },
    );
  };

  return { view, zoomAt, fit: () => setView(FIT), onPointerDown };
}
