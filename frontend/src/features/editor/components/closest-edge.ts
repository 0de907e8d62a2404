import type { CollisionDetection } from "@dnd-kit/core";

/**
 * The step whose upper or lower edge is nearest to the same edge of the step that is dragged.
 *
 * The library compares centres. A step with an open form is so tall that its own centre would often
 * be the nearest.
 */
export const closestEdge: CollisionDetection = ({
  collisionRect,
  droppableRects,
  droppableContainers,
}) =>
  droppableContainers
    .flatMap((container) => {
      const rect = droppableRects.get(container.id);
      return rect
        ? [
            {
              id: container.id,
              data: {
                droppableContainer: container,
                value: Math.min(
                  Math.abs(rect.top - collisionRect.top),
                  Math.abs(rect.bottom - collisionRect.bottom),
                ),
              },
            },
          ]
        : [];
    })
    .sort((one, other) => one.data.value - other.data.value);
