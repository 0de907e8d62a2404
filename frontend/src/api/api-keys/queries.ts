import { queryOptions } from "@tanstack/react-query";
import { apiKeySchema } from "@/api/api-keys/schema";
import { pageOf } from "@/api/page";
import { api } from "@/lib/api/client";

const schema = pageOf(apiKeySchema);

/** All API keys. The server allows fewer than fit on one page. */
export const apiKeysQuery = queryOptions({
  queryKey: ["api-keys"],
  queryFn: async ({ signal }) =>
    (await api.get("/auth/api-keys/", { schema, query: { page_size: 100 }, signal })).results,
});
