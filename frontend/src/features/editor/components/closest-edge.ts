import type { CollisionDetection } from "@dnd-kit/core";

/**
 * The step whose upper or lower edge is nearest to that of the one that is moved.
 *
 * Steps are of very different heights while one of them shows its form: their middles, which the
 * library compares, would call a tall step its own neighbour.
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
