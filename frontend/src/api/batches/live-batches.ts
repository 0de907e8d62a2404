import { useQuery, useQueryClient } from "@tanstack/react-query";
import { pageOf } from "@/api/page";
import { taskKeys } from "@/api/tasks/queries";
import { api } from "@/lib/api/client";
import { batchesQuery, FIRST_PAGE, POLL_INTERVAL } from "./queries";
import { type Batch, batchSchema } from "./schema";

const pageSchema = pageOf(batchSchema);

/**
 * Keep the shown batches current while one of them runs: poll the first page, however many pages
 * are loaded. Older batches have ended, unless many were made at the same time.
 */
export function useLiveBatches(shown: readonly Batch[]): void {
  const queries = useQueryClient();
  useQuery({
    queryKey: [...taskKeys.all, "newest-batches"],
    queryFn: async ({ signal }) => {
      const { results } = await api.get("/batches/", {
        schema: pageSchema,
        query: FIRST_PAGE,
        signal,
      });
      const byId = new Map(results.map((batch) => [batch.id, batch]));
      queries.setQueryData(
        batchesQuery.queryKey,
        (list) =>
          list && {
            ...list,
            pages: list.pages.map((page) => ({
              ...page,
              results: page.results.map((batch) => byId.get(batch.id) ?? batch),
            })),
          },
      );
      const known = new Set(shown.map((batch) => batch.id));
      if (results.some((batch) => !known.has(batch.id))) {
        await queries.invalidateQueries({ queryKey: batchesQuery.queryKey });
      }
      return null;
    },
    enabled: shown.slice(0, FIRST_PAGE.page_size).some((batch) => !batch.finished_at),
    refetchInterval: POLL_INTERVAL,
    staleTime: POLL_INTERVAL,
    retry: false,
  });
}
