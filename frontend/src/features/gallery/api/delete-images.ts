import { api } from "@/lib/api/client";
import { ApiProblem } from "@/lib/api/problem";

const PARALLEL = 4;

export interface Deletion {
  deleted: number[];
  failed: number[];
  /** Of the first that failed. */
  error?: unknown;
}

/** Delete one after the other, a few at a time; one that is gone already counts as deleted. */
export async function deleteImages(ids: readonly number[]): Promise<Deletion> {
  const outcome: Deletion = { deleted: [], failed: [] };
  const rest = [...ids];
  async function work(): Promise<void> {
    for (let id = rest.shift(); id !== undefined; id = rest.shift()) {
      try {
        await api.delete(`/images/${id}/`);
        outcome.deleted.push(id);
      } catch (error) {
        if (error instanceof ApiProblem && error.status === 404) {
          outcome.deleted.push(id);
        } else {
          outcome.failed.push(id);
          outcome.error ??= error;
        }
      }
    }
  }
  await Promise.all(Array.from({ length: PARALLEL }, work));
  return outcome;
}

/** Without waiting for answers, for a page that is being closed. */
export function deleteWhileLeaving(ids: readonly number[]): void {
  for (const id of ids) {
    api.delete(`/images/${id}/`, { keepalive: true }).catch(() => undefined);
  }
}
