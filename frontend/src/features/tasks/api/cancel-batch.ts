import { useMutation, useQueryClient } from "@tanstack/react-query";
import { batchSchema } from "@/api/batches/batch";
import { taskKeys } from "@/api/tasks/keys";
import { api } from "@/lib/api/client";
import { explain } from "@/lib/errors/explain";
import { toast } from "@/lib/toast";

export function useCancelBatch(id: number) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: () => api.post(`/batches/${id}/cancel/`, { schema: batchSchema }),
    onError: (error) => {
      const { title, detail } = explain(error);
      toast.error(title, { description: detail });
    },
    onSettled: () => queries.invalidateQueries({ queryKey: taskKeys.all }),
  });
}
