import { queryOptions } from "@tanstack/react-query";
import { pageOf } from "@/api/page";
import { api } from "@/lib/api/client";
import { webhookSchema } from "./webhook";

const schema = pageOf(webhookSchema);

export const webhookKeys = {
  all: ["webhooks"] as const,
  list: () => [...webhookKeys.all, "list"] as const,
  deliveries: (webhookId: number) => [...webhookKeys.all, "deliveries", webhookId] as const,
};

/** All of them: the service allows fewer than fit on a page. */
export const webhooksQuery = queryOptions({
  queryKey: webhookKeys.list(),
  queryFn: async ({ signal }) =>
    (await api.get("/webhooks/", { schema, query: { page_size: 100 }, signal })).results,
});
