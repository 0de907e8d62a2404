import { useQuery } from "@tanstack/react-query";
import { useEffect } from "react";
import { pipelineBodyOf } from "@/api/tasks/pipeline-body";
import { taskQuery } from "@/api/tasks/queries";
import { imageAddress } from "@/lib/routes";
import { fromHash, toPipeline } from "../model/recipe";
import { changePipeline, openImage } from "../model/store";

/**
 * Open the image with its stored steps, or with the steps in the address: a recipe after `#`, or a
 * task. Both are then removed from the address, so that a reload keeps later changes.
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
      const recipe = toPipeline(pipelineBodyOf(task.data));
      changePipeline(() => recipe);
      history.replaceState(history.state, "", imageAddress(imageId));
    }
  }, [task.data, imageId]);
}
