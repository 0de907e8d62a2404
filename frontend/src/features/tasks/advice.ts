import type { Task } from "@/api/tasks/schema";

const EDIT = "Open it in the editor, change the step named above, and apply again.";

/** What the user can do about a failed task, by error code. */
const ADVICE: Record<string, string> = {
  worker_lost:
    "The worker crashed three times during this task. Try a smaller output or fewer steps.",
  took_too_long: "Try a smaller output, or fewer of the slow effects.",
  too_much_memory: "Try a smaller output, or resize before the other steps.",
  out_of_memory: "Try a smaller output, or resize before the other steps.",
  internal_error: "Try again. If it fails again, tell the operator the number of the task.",
  storage_unavailable: "The storage is not responding. The service will try again automatically.",
  database_unavailable: "The service will try again automatically.",
  source_missing: "The original is missing from the storage. Upload it again.",
  overlay_missing: "The watermark image is missing. Choose another one in the editor.",
  no_face_found: "Open it in the editor to choose another anchor.",
};

export function adviceFor(task: Pick<Task, "error_code">): string {
  return ADVICE[task.error_code ?? ""] ?? EDIT;
}
