import { useQuery } from "@tanstack/react-query";
import { useEffect } from "react";
import { taskQuery } from "@/api/tasks/get-task";
import { requestOf } from "@/api/tasks/request";
import { fromHash, toPipeline } from "../model/recipe";
import { changePipeline, openImage } from "../model/store";

/**
 * Open the image with its own steps, or with those that the address names: a recipe behind `#`, or
 * the ones of a task. They are taken out of the address, so that a reload keeps later changes.
 */
export function useRecipeOfAddress(imageId: number, taskId: number | null): void {
  useEffect(() => {
    openImage(imageId);
    const recipe = fromHash(location.hash);
    if (recipe) {
      changePipeline(() => recipe);
      history.replaceState(history.state, "", location.pathname + location.search);
    }
  }, [imageId]);
  const task = useQuery({ ...taskQuery(taskId ?? 0), enabled: taskId !== null });
  useEffect(() => {
    if (task.data && task.data.original_image === imageId) {
      const recipe = toPipeline(requestOf(task.data));
      changePipeline(() => recipe);
      history.replaceState(history.state, "", `${location.pathname}?id=${imageId}`);
    }
  }, [task.data, imageId]);
}
